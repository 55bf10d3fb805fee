import Foundation
import Testing

@testable import Environments

@Suite("Environments that earlier versions wrote stay readable")
struct EnvironmentFormatTests {
    /// Format 1 as it was written first; never changed.
    private let formatOne = """
        {
          "connectionReferences" : {
            "contoso_ref" : {
              "connection" : { "secretDigest" : "aa", "text" : "${{ secrets.CONNECTION }}" },
              "connector" : "shared_sales"
            }
          },
          "flows" : { "f1" : { "isOn" : true, "name" : "Invoice", "solution" : "ContosoSales" } },
          "format" : 1,
          "key" : "k",
          "operations" : [
            {
              "action" : "install", "at" : "2026-11-21T03:20:00.125Z", "by" : "ada@example.com", "digest" : "dd",
              "readBack" : "2026-11-21T03:20:01.000Z", "result" : "verified", "sequence" : 1, "solution" : "ContosoSales",
              "token" : "t1", "version" : "1.0.0.0"
            }
          ],
          "solutions" : {
            "ContosoSales" : {
              "components" : [ { "id" : "x", "kind" : "flow", "name" : "Invoice" } ],
              "connectionReferences" : [ "contoso_ref" ], "digest" : "dd", "flows" : [ "f1" ],
              "installed" : "2026-11-21T03:20:00.125Z", "isManaged" : true,
              "layers" : [
                { "digest" : "dd", "installed" : "2026-11-21T03:20:00.125Z", "kind" : "base", "version" : "1.0.0.0" }
              ],
              "solution" : "ContosoSales", "variables" : [ "contoso_Url" ], "version" : "1.0.0.0"
            }
          },
          "variables" : { "contoso_Url" : { "value" : { "text" : "https://x" } } }
        }
        """

    @Test("format 1 is read, and written again it is the same value")
    func formatOneIsRead() throws {
        let state = try StateCoding.decode(EnvironmentState.self, from: Data(formatOne.utf8))
        #expect(state.solutions["ContosoSales"]?.components.first?.description == "flow Invoice")
        #expect(state.connectionReferences["contoso_ref"]?.connection?.isSecret == true)
        #expect(state.verifiedDeployment(of: "dd")?.deployed == Date(timeIntervalSince1970: 1_795_231_200.125))
        #expect(try StateCoding.decode(EnvironmentState.self, from: StateCoding.readable(state)) == state)
    }

    @Test(
        "times keep their milliseconds", arguments: [0, -1.5, 1_790_000_000.001, 1_790_000_000.999, 1_790_000_000.1234])
    func times(seconds: Double) throws {
        let date = StateCoding.rounded(Date(timeIntervalSince1970: seconds))
        #expect(try StateCoding.decode([Date].self, from: StateCoding.compact([date])) == [date])
    }
}

import Documents
import Reporting
import Testing

@Suite struct AnnotationsTests {
    static func finding(_ severity: Severity, _ message: String) -> Finding {
        let source = Source(name: "dir/a,b.yaml", bytes: Array("one\ntwo three\n".utf8))
        return Finding(
            code: "manifest/x", severity: severity, message: message,
            location: Location(source: source, range: 8..<13), pointer: nil, help: nil)
    }

    @Test func gitHubEscapesDataAndProperties() {
        let line = Annotations(.gitHubActions).line(Self.finding(.error, "100%\nof it"))
        #expect(
            line == "::error file=dir/a%2Cb.yaml,line=2,endLine=2,col=5,endColumn=10,title=manifest/x::100%25%0Aof it")
    }

    @Test func gitHubCallsHintsNotices() {
        #expect(Annotations(.gitHubActions).line(Self.finding(.hint, "m"))?.hasPrefix("::notice ") == true)
    }

    @Test func azureLogsIssues() {
        let line = Annotations(.azurePipelines).line(Self.finding(.warning, "a; b\nc"))
        #expect(
            line
                == "##vso[task.logissue type=warning;sourcepath=dir/a,b.yaml;linenumber=2;columnnumber=5;code=manifest/x]a; b%0Ac"
        )
        #expect(Annotations(.azurePipelines).line(Self.finding(.hint, "m")) == nil)
    }

    @Test func nothingInThemIsACommandItself() {
        let hostile = Self.finding(.error, "a\n::add-mask::b\u{1B}[31m ##vso[x]y ##[z]")
        let gitHub = Annotations(.gitHubActions).line(hostile) ?? ""
        #expect(gitHub.hasSuffix("::a%0A\\::add-mask::b␛[31m ##\\vso[x]y ##\\[z]"), "\(gitHub)")
        let azure = Annotations(.azurePipelines).line(hostile) ?? ""
        #expect(azure.hasSuffix("]a%0A\\::add-mask::b␛[31m ##\\vso[x]y ##\\[z]"), "\(azure)")
        let source = Source(name: "a;type=x]##[error]\n,b:c%.yaml", bytes: Array("x".utf8))
        let place = Finding(
            code: "c", severity: .error, message: "m", location: Location(source: source, range: 0..<1), pointer: nil,
            help: nil)
        #expect(
            Annotations(.gitHubActions).line(place)?.hasPrefix(
                "::error file=a;type=x]##\\[error] %2Cb%3Ac%25.yaml,line=1,")
                == true)
        #expect(
            Annotations(.azurePipelines).line(place)?.hasPrefix(
                "##vso[task.logissue type=error;sourcepath=a%3Btype=x%5D##\\[error%5D ,b:c%AZP25.yaml;linenumber=1;")
                == true)
    }

    @Test func elsewhereThereAreNone() {
        #expect(Annotations(.plain).line(Self.finding(.error, "m")) == nil)
        #expect(Annotations(.terminal).line(Self.finding(.error, "m")) == nil)
    }

    @Test(arguments: [
        (["GITHUB_ACTIONS": "true"], true, Surroundings.gitHubActions),
        (["TF_BUILD": "True"], false, .azurePipelines), ([:], true, .terminal), ([:], false, .plain),
        (["GITHUB_ACTIONS": "false"], false, .plain),
    ])
    func surroundingsAreDetected(_ environment: [String: String], _ isTerminal: Bool, _ expected: Surroundings) {
        #expect(Surroundings.detect(environment: environment, isTerminal: isTerminal) == expected)
    }
}

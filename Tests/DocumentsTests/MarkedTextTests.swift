import TestSupport
import Testing

@Suite struct MarkedTextTests {
    @Test func `takes markers out and knows where they stood`() {
        let marked: MarkedText = "é1️⃣uses: 2️⃣x1 23️⃣"
        #expect(marked.text == "éuses: x1 2")
        #expect(marked[1] == 2 && marked[2] == 8 && marked[3] == 12 && marked[4] == -1)
        #expect(marked.range(1, 2) == 2..<8)
    }
}

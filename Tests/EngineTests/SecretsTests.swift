import Engine
import Testing

@Suite struct SecretsTests {
    let secrets = Secrets([
        "A": "alpha-1", "LONG": "alpha-1-and-more", "SHORT": "ab", "LINES": "first-line\nsecond-line",
    ])

    @Test func valuesArePutInPlace() throws {
        #expect(try secrets.reveal("x ${{ secrets.A }} ${{secrets.SHORT}}") == "x alpha-1 ab")
        #expect(try secrets.reveal("${{ run.id }} stays") == "${{ run.id }} stays")
    }

    @Test func unknownOnesAreNamed() {
        #expect(throws: StageFailure.self) { try secrets.reveal("${{ secrets.NONE }}") }
    }

    @Test(arguments: [
        ("say alpha-1 twice alpha-1", "say *** twice ***"), ("alpha-1-and-more", "***"), ("ab stays", "ab stays"),
        ("a second-line alone", "a *** alone"), ("nothing", "nothing"),
        // What is joined to the last character of a value makes it another one.
        ("alpha-1\u{301} and alpha-1", "***\u{301} and ***"), ("aalpha-1\u{FE0F}", "a***\u{FE0F}"),
    ])
    func theyAreMasked(_ text: String, _ masked: String) {
        #expect(secrets.mask(text) == masked)
        #expect(secrets.mask([0xFF] + Array(text.utf8) + [0xC3]) == [0xFF] + Array(masked.utf8) + [0xC3])
    }
}

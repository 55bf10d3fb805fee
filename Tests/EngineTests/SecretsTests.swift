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
    ])
    func theyAreMasked(_ text: String, _ masked: String) { #expect(secrets.mask(text) == masked) }
}

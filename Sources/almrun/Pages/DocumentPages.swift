/// Codes of files that cannot be read as JSON or YAML.
enum DocumentPages {
    static var all: [CodeEntry] { files + texts + yaml }

    private static let files: [CodeEntry] = [
        CodeEntry(
            "document/missing", "There is no such file.", mend: "Look at the path; the message says what may be meant."),
        CodeEntry(
            "document/unreadable", "The file cannot be opened or read.",
            when: "The rights are missing or the disk is at fault; the message has the system's words.",
            mend: "Give yourself the right to read it: `chmod u+r FILE`."),
        CodeEntry("document/directory", "A folder stands where a file is meant.", mend: "Name the file inside it."),
        CodeEntry(
            "document/not-a-file", "A device or a pipe stands where a file is meant.", mend: "Name a regular file."),
        CodeEntry(
            "document/too-large", "The file is larger than what is read.",
            mend: "The message says how much is read; look whether it is the right file."),
        CodeEntry(
            "document/empty", "The file is empty.", mend: "Write it, or put it back with `git checkout -- FILE`."),
        CodeEntry(
            "document/binary", "The file is no text.",
            mend: "Name the text file; a package is unpacked with `almrun unpack`."),
        CodeEntry("document/encoding", "The file is UTF-16 or UTF-32.", mend: "Save it as UTF-8."),
        CodeEntry(
            "document/invalid-utf8", "Some bytes of the file are not UTF-8.",
            mend: "Save it as UTF-8: it may have been saved as Windows-1252."),
        CodeEntry("document/no-memory", "There is no memory to read the file.", mend: "Free memory and try again."),
        CodeEntry(
            "document/too-many-problems", "The file has so many problems that reading stopped.",
            mend: "Mend the first ones: the others may come from them."),
        CodeEntry(
            "document/too-deep", "Lists and maps are nested deeper than what is read.",
            mend: "The message says how deep is read; look whether a generator went round in a circle."),
    ]

    private static let texts: [CodeEntry] = [
        CodeEntry(
            "document/control-character", "A control character stands where it may not.",
            mend: "Remove it, or write it as an escape in JSON: \\t, \\u0007."),
        CodeEntry("document/bad-escape", "A backslash begins no escape.", mend: "Write the backslash twice."),
        CodeEntry(
            "document/lone-surrogate", "A \\u escape is half of a pair, and the other half is missing.",
            mend: "Write both halves, or the character itself."),
        CodeEntry(
            "document/unclosed-string", "A text in quotes is not closed.",
            mend: "Close it; a line break inside is \\n in JSON."),
        CodeEntry(
            "document/truncated", "The file ends in the middle.",
            mend: "Put the rest back; the note shows what is open."),
        CodeEntry("document/missing-comma", "A comma is missing between two members or elements.", mend: "Insert it."),
        CodeEntry("document/extra-comma", "A comma has nothing before it.", mend: "Remove it."),
        CodeEntry(
            "document/trailing-comma", "A comma stands before a closing bracket, which JSON does not allow.",
            mend: "Remove it."),
        CodeEntry(
            "document/missing-colon", "A ':' is missing after a key.", mend: "Insert it; in YAML with a space after it."
        ),
        CodeEntry("document/missing-value", "A value is missing.", mend: "Write it, or take its key or comma away."),
        CodeEntry(
            "document/mismatched-bracket", "A bracket is closed by one of another kind.",
            mend: "Close '{' with '}' and '[' with ']'; the note shows where it is opened."),
        CodeEntry(
            "document/trailing-content", "Something stands after the end of the value.",
            mend: "Remove it: a file holds one value."),
        CodeEntry(
            "document/unexpected-character", "A character stands where none of its kind may.",
            mend: "The message says what is expected there."),
        CodeEntry("document/unquoted-key", "A key of JSON is not in double quotes.", mend: "Put it in double quotes."),
        CodeEntry("document/single-quotes", "A text of JSON stands in single quotes.", mend: "Use double quotes."),
        CodeEntry("document/comment", "The JSON file has a comment, which JSON does not know.", mend: "Remove it."),
        CodeEntry(
            "document/unknown-word", "A word is no value of JSON.",
            mend: "Write true, false or null; text stands in double quotes."),
        CodeEntry(
            "document/bad-number", "Something that looks like a number is none in JSON.",
            mend: "The message says why; text stands in double quotes."),
        CodeEntry(
            "document/number-range", "A number is too large for a 64-bit floating-point number.",
            mend: "Write it as text, in quotes."),
        CodeEntry(
            "document/duplicate-key", "A map has one key twice.",
            mend: "Take one of the two away; the note shows the first."),
        CodeEntry(
            "document/bad-key", "A key is missing or is no text.",
            mend: "Write a text before ':'; one that begins with '{' or '[' in quotes."),
    ]

    private static let yaml: [CodeEntry] = [
        CodeEntry(
            "document/bad-indentation", "A line is indented in a way that fits nothing above it.",
            mend: "Put the keys of one map, and the dashes of one list, in one column; text with ': ' in it stands in "
                + "quotes."),
        CodeEntry(
            "document/tab", "A line is indented with a tab, which YAML does not allow.", mend: "Indent with spaces."),
        CodeEntry(
            "document/unclosed-bracket", "A '[' or '{' is not closed, or a ',' is missing inside.",
            mend: "Close it; the note shows where it begins."),
        CodeEntry(
            "document/trailing-text", "Something follows a value that has ended.",
            mend: "Put the whole text in quotes, or begin a new line."),
        CodeEntry("document/unquoted-text", "A text has signs that YAML keeps for itself.", mend: "Put it in quotes."),
        CodeEntry(
            "document/unquoted-expression", "A '${{ }}' stands without quotes where YAML reads its braces.",
            mend: "Put it in quotes: \"${{ inputs.version }}\"."),
        CodeEntry(
            "document/undefined-alias", "An alias names an anchor that is not there.",
            mend: "Correct the name; text that begins with '*' stands in quotes."),
        CodeEntry("document/recursive-alias", "An alias stands inside what it repeats.", mend: "Write the value out."),
        CodeEntry(
            "document/alias-bomb", "Aliases repeat more values than are read.", mend: "Write fewer, or use a template."),
        CodeEntry(
            "document/bad-tag", "There is no such tag, or the value is not what its tag says.",
            mend: "Take the tag away; text that begins with '!' stands in quotes."),
        CodeEntry("document/bad-directive", "A line that begins with '%' is not understood.", mend: "Remove it."),
        CodeEntry(
            "document/merge-key", "A merge key ('<<') is not part of YAML 1.2.",
            mend: "Write the keys out, or use a template."),
        CodeEntry(
            "document/several-documents", "The file holds a second document after '---'.",
            mend: "Put it into a file of its own."),
        CodeEntry(
            "document/syntax", "The file is not YAML.",
            mend: "Look at the place that the message names, and at the line before it."),
    ]
}

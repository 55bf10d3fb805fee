/// Codes of XML files that cannot be read.
enum XMLPages {
    static let all: [CodeEntry] = [
        CodeEntry(
            "xml/attribute", "An attribute has no value, no quotes around it, or a '<' inside.",
            mend: "Write name=\"value\", with '&lt;' for '<'."),
        CodeEntry("xml/duplicate-attribute", "An element has one attribute twice.", mend: "Take one of the two away."),
        CodeEntry("xml/comment", "'--' stands inside a comment.", mend: "Write a single '-'."),
        CodeEntry(
            "xml/control-character", "A control character stands in the file, which XML does not allow.",
            mend: "Remove it."),
        CodeEntry(
            "xml/declaration", "The XML declaration is not the first thing in the file.",
            mend: "Remove what stands before '<?xml'."),
        CodeEntry(
            "xml/doctype", "The file has a document type definition, which is not read.",
            mend: "Remove the '<!DOCTYPE ...>'."),
        CodeEntry("xml/empty", "The file holds no element.", mend: "Put it back from git or an export."),
        CodeEntry("xml/encoding", "The file is not UTF-8.", mend: "Save it as UTF-8."),
        CodeEntry(
            "xml/end-tag", "An end tag closes nothing, or another element than the open one.",
            mend: "Correct it; the note shows which one is open."),
        CodeEntry("xml/instruction", "A processing instruction has no name.", mend: "Remove the '<? ... ?>'."),
        CodeEntry("xml/name", "A tag or an attribute has no name.", mend: "Write '&lt;' where a plain '<' is meant."),
        CodeEntry("xml/reference", "An '&' begins no entity that XML knows.", mend: "Write '&amp;'."),
        CodeEntry(
            "xml/second-root", "The file has a second outermost element.", mend: "Remove it, or put both into one."),
        CodeEntry("xml/stray-cdata-end", "']]>' stands in a text.", mend: "Write ']]&gt;'."),
        CodeEntry(
            "xml/tag", "A tag is not closed with '>', or holds what it may not.",
            mend: "Correct it at the place that the message names."),
        CodeEntry("xml/text-outside", "Text stands outside the outermost element.", mend: "Remove it."),
        CodeEntry(
            "xml/too-deep", "Elements are nested deeper than what is read.",
            mend: "Look whether the file is what it should be."),
        CodeEntry(
            "xml/unclosed", "An element, a tag, a comment or a value is never closed.",
            mend: "Close it; the message shows where it begins."),
    ]
}

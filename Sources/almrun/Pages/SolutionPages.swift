/// Codes of solutions: their packages, their folders, and the XML and archives in them.
enum SolutionPages {
    static var all: [CodeEntry] { packages + folders + contents + archives }

    private static let packages: [CodeEntry] = [
        CodeEntry(
            "solution/not-a-package", "The file is no solution package.",
            mend: "Name a .zip that has solution.xml and customizations.xml."),
        CodeEntry(
            "solution/manifest", "The solution's manifest lacks something that it needs.",
            mend: "Correct Solution.xml at the place that the message names, or export the solution again."),
        CodeEntry(
            "solution/version", "The version is no version of a solution.", mend: "Write a version such as 1.2.0.0."),
        CodeEntry(
            "solution/managed", "'Managed' in the manifest is none of 0, 1 and 2.",
            mend: "Write 0, or export the solution again."),
        CodeEntry(
            "solution/type", "'type' of the stage is none of the kinds of packages.",
            mend: "Write managed or unmanaged."),
        CodeEntry(
            "solution/managed-source", "The source comes from a managed package and cannot be packed unmanaged.",
            mend: "Pack it managed, or unpack an unmanaged export."),
        CodeEntry(
            "solution/managed-form", "The source cannot be packed managed: it lacks the managed form of a part.",
            mend:
                "Unpack both exports together: `almrun unpack UNMANAGED.zip FOLDER --managed MANAGED.zip`; or pack it unmanaged."
        ),
        CodeEntry(
            "solution/pair", "The two packages are not the unmanaged and the managed form of one solution.",
            mend: "Export both forms of one version, one after the other, and name the unmanaged one first."),
        CodeEntry(
            "solution/round-trip",
            "The unpacked solution would not give the same package again, so nothing is written.",
            mend: "The message names what would be lost; report it, with the package if you may."),
    ]

    private static let folders: [CodeEntry] = [
        CodeEntry(
            "solution/not-a-folder", "The path is not the folder of an unpacked solution.",
            mend: "Name the folder that has 'Other/Solution.xml'."),
        CodeEntry(
            "solution/yaml-layout", "The folder has the YAML source layout, which cannot be packed yet.",
            mend: "Unpack an export with `almrun unpack` to get the XML layout."),
        CodeEntry(
            "solution/unreadable", "A file or folder of the solution cannot be read.",
            mend: "Give yourself the right to read what the message names."),
        CodeEntry(
            "solution/link", "A link or a device is among the solution's files.",
            mend: "Put the file itself into the folder."),
        CodeEntry(
            "solution/duplicate-file", "Two files have one place, or names that differ only in case.",
            mend: "Rename or remove one of them."),
        CodeEntry(
            "solution/missing-file", "A file that a part of the solution names is not there.",
            mend: "Put it back at the path that the message names."),
        CodeEntry(
            "solution/unused-file", "A file belongs to no part of the solution, and would not get into the package.",
            mend: "Move it out of the folder, or add the component that it belongs to."),
        CodeEntry(
            "solution/unsupported", "almrun does not know how that kind of component is assembled.",
            mend: "Keep it in a solution of its own that other tools pack."),
        CodeEntry(
            "solution/component", "A file of a component begins with another element than its kind has.",
            mend: "Move it to the folder of its kind, or export the solution again."),
        CodeEntry(
            "solution/entity",
            "A table's file has no empty place for a form, a view or a ribbon that has its own file.",
            mend: "Empty or add the element that the message names in Entity.xml."),
        CodeEntry(
            "solution/relationship",
            "A relationship is listed and not defined, defined and not listed, or there twice.",
            mend: "Make the list in 'Other/Relationships.xml' and the files in 'Other/Relationships' agree."),
        CodeEntry(
            "solution/section", "A section of customizations is missing, or holds what has files of its own.",
            mend: "Add the empty section, or empty it, as the message says."),
        CodeEntry(
            "solution/customizations", "The file is no customizations file.",
            mend: "Put 'Other/Customizations.xml' back from an export."),
    ]

    private static let contents: [CodeEntry] = [
        CodeEntry(
            "solution/connection-reference", "A connection reference has no logical name, or one that is there twice.",
            mend: "Correct it in customizations, or export the solution again."),
        CodeEntry(
            "solution/environment-variable",
            "An environment variable has no schema name, or the file of its value is none.",
            mend: "Correct its file, or export the solution again."),
        CodeEntry(
            "solution/connector", "A connector has no name.", mend: "Add its name, or export the solution again."),
        CodeEntry(
            "solution/workflow", "A flow has no id, its file is no flow, or the file's name lacks the id.",
            mend: "Correct what the message names, or export the solution again."),
        CodeEntry(
            "solution/root-component", "A root component of the manifest has no numeric type.",
            mend: "Correct Solution.xml, or export the solution again."),
        CodeEntry(
            "solution/missing-component", "The manifest lists a component that is not in the solution.",
            mend: "Add the component, or take it out of Solution.xml."),
        CodeEntry(
            "solution/unlisted-component", "A flow or connector is not among the manifest's root components.",
            mend: "Add it to the solution where it is made, and export again."),
        CodeEntry(
            "solution/unknown-connection-reference", "A flow uses a connection reference that no solution here has.",
            mend: "Add the reference to the solution; the message says what may be meant."),
        CodeEntry(
            "solution/unknown-connector",
            "A connection reference needs a custom connector that is not in this solution.",
            mend: "See that the solution with the connector is installed first."),
        CodeEntry(
            "solution/unknown-operation", "A flow calls an operation that its connector does not have.",
            mend: "Correct the flow, or add the operation to the connector."),
        CodeEntry(
            "solution/unknown-variable",
            "A flow or variable uses an environment variable that is not in this solution.",
            mend: "Add the variable, or see that the solution with it is installed first."),
        CodeEntry(
            "solution/packaged-value",
            "The package carries a variable's value, which every import writes over the environment's.",
            mend: "Delete its environmentvariablevalues.json and bind the value in 'environments/'."),
        CodeEntry(
            "solution/variable-too-long", "A variable's default is longer than 2000 characters.", mend: "Shorten it."),
        CodeEntry(
            "solution/prefix", "A name does not begin with the publisher's prefix.",
            mend: "Make the component under the right publisher; it cannot be renamed later."),
    ]

    private static let archives: [CodeEntry] = [
        CodeEntry(
            "zip/damaged", "The file is no zip archive, is cut off, or contradicts itself.",
            mend: "Export or copy it again."),
        CodeEntry(
            "zip/checksum", "A file in the archive is not what its checksum says.",
            mend: "Export or copy the archive again."),
        CodeEntry(
            "zip/unsafe-name", "A file in the archive would be written outside the folder, or has an impossible name.",
            mend: "Do not trust the archive; export it again."),
        CodeEntry(
            "zip/duplicate-name", "Two files in the archive have one name, or names that differ only in case.",
            mend: "Export it again, or make it anew with names of their own."),
        CodeEntry("zip/not-a-file", "The archive holds a link or a device.", mend: "Make it anew with plain files."),
        CodeEntry("zip/encrypted", "A file in the archive is encrypted.", mend: "Make it anew without a password."),
        CodeEntry(
            "zip/too-large", "The archive, or a file in it, is larger than what is read.",
            mend: "The message says how much is; an archive that grows without end is not to be trusted."),
        CodeEntry("zip/no-such-entry", "The archive has no such file.", mend: "Export it again."),
        CodeEntry("zip/empty", "The archive would have no file.", mend: "Give it something to hold."),
        CodeEntry("zip/unreadable", "The file cannot be read.", mend: "Look at the path and at your right to read it."),
        CodeEntry(
            "zip/unwritable", "The file cannot be written.",
            mend: "Look at the disk and at your right to write there; the message has the system's words."),
    ]
}

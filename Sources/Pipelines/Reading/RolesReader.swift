import Documents
import OrderedCollections
import Signatures

/// Reads `environments/roles.yaml`.
struct RolesReader {
    let problems: Problems
    private var owners: [(key: PublicKey, email: String)] = []

    init(problems: Problems) { self.problems = problems }

    mutating func read(_ document: Document) -> Roles {
        var roles = Roles()
        guard document.root.kind == .object else {
            problems.report(
                "type", "the roles must be a map, not \(Problems.name(of: document.root))", at: document.root.location)
            return roles
        }
        for member in document.root.members where problems.isName(member.key, member.keyNode, "a role") {
            let what = "role '\(member.key)'"
            var people: [Roles.Person] = []
            for node in problems.elements(member.value, what) ?? [] {
                guard let person = person(node, what) else { continue }
                if people.contains(where: { $0.email.lowercased() == person.email.lowercased() }) {
                    problems.report("duplicate-person", "\(what) has '\(person.email)' twice", at: node.location)
                }
                people.append(person)
            }
            roles.members[member.key] = people
        }
        return roles
    }

    private mutating func person(_ node: Node, _ what: String) -> Roles.Person? {
        if node.kind == .string { return email(node, what).map { Roles.Person(email: $0) } }
        guard let reader = MapReader(node, "a person of \(what)", keys: ["email", "name", "key"], problems),
            let emailNode = reader.required("email"), let email = email(emailNode, what)
        else { return nil }
        let key = reader.text("key")
        if let key, let node = reader.node("key") { check(key, of: email, at: node) }
        return Roles.Person(email: email, name: reader.text("name"), key: key)
    }

    /// A key must be readable, and of one person only: who has two names must not approve twice.
    private mutating func check(_ key: String, of email: String, at node: Node) {
        do throws(SignatureError) {
            let key = try PublicKey(key)
            if let owner = owners.first(where: { $0.key == key && $0.email.lowercased() != email.lowercased() }) {
                problems.report(
                    "shared-key", "'\(email)' has the key of '\(owner.email)': \(key.fingerprint)", at: node.location,
                    help: "everybody who signs has a key of their own")
            } else {
                owners.append((key, email))
            }
        } catch {
            problems.report(
                "key", "'key' of '\(email)' is no SSH public key that can be used: \(error.message)", at: node.location,
                help: "it is one line, such as 'ssh-ed25519 AAAA...'")
        }
    }

    private func email(_ node: Node, _ what: String) -> String? {
        guard let text = problems.text(node, "a person of \(what)") else { return nil }
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }),
            !text.unicodeScalars.contains(where: {
                $0.properties.isWhitespace || [.control, .format].contains($0.properties.generalCategory)
            })
        else {
            problems.report("email", "'\(text)' is no e-mail address", at: node.location)
            return nil
        }
        guard !text.contains(where: { "<>".contains($0) }),
            ![text.first, text.last].contains(where: { $0.map(Self.takenAway.contains) ?? false })
        else {
            problems.report(
                "email", "'\(text)' is no address that a person of git can have", at: node.location,
                help:
                    "git takes '<' and '>' out of an address, and punctuation away at its ends; write the address alone"
            )
            return nil
        }
        guard let mark = text.first(where: { Self.patternMarks.contains($0) }) else { return text }
        problems.report(
            "email", "'\(text)' is not the e-mail address of one person: it has '\(mark)'", at: node.location,
            help: "where signatures are checked that would stand for other people too; write the address that git has "
                + "(user.email)")
        return nil
    }

    /// What git takes away at the ends of an address (git, `ident.c`).
    private static let takenAway: Set<Character> = [".", ",", ":", ";", "<", ">", "\"", "\\", "'"]

    /// What makes a pattern, or a comment, of a name in a list of allowed signers.
    private static let patternMarks: Set<Character> = ["*", "?", "!", ",", "\"", "#"]
}

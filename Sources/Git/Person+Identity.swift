extension Person {
    /// Who works here outside of any repository, as ``GitRepository/identity(environment:)`` says it inside of one.
    public init(outsideRepositories environment: [String: String]) throws(GitError) {
        self = try Person(author: GitSettings(repository: nil, environment: environment), environment)
    }

    /// Whom git would write down as the author of a commit, `git var GIT_AUTHOR_IDENT`, but for what git guesses from the
    /// names of the account and of the machine: nobody said that.
    init(author settings: borrowing GitSettings, _ environment: [String: String]) throws(GitError) {
        let email = Self.plain(try Self.email(settings, environment))
        guard !email.isEmpty else {
            throw GitError(
                .noIdentity, "git does not know who you are",
                help: "GIT_AUTHOR_EMAIL or user.email is empty: git config user.email YOU@EXAMPLE.COM")
        }
        let name = environment["GIT_AUTHOR_NAME"] ?? Self.filled(settings["author.name"]) ?? settings["user.name"]
        let shown = name.map(Self.plain) ?? email
        guard !shown.isEmpty else {
            throw GitError(
                .noIdentity, "git does not know your name",
                help: "GIT_AUTHOR_NAME or user.name is empty: git config user.name 'YOUR NAME'")
        }
        self.init(name: shown, email: email)
    }

    private static func email(
        _ settings: borrowing GitSettings, _ environment: [String: String]
    ) throws(GitError) -> String {
        if let email = environment["GIT_AUTHOR_EMAIL"] ?? filled(settings["author.email"]) { return email }
        if let email = settings["user.email"] { return email }
        // With any address in the files git looks no further, and takes the empty one.
        if settings["author.email"] != nil || settings["committer.email"] != nil { return "" }
        if !settings.flag("user.useconfigonly"), let email = filled(environment["EMAIL"]) { return email }
        throw GitError(.noIdentity, "git does not know who you are", help: "git config user.email YOU@EXAMPLE.COM")
    }

    private static func filled(_ text: String?) -> String? { text.flatMap { $0.isEmpty ? nil : $0 } }

    /// The text without what git leaves out of names and addresses: line ends and angle brackets anywhere, and at both ends
    /// blanks, control characters and some punctuation.
    private static func plain(_ text: String) -> String {
        func isCrud(_ scalar: Unicode.Scalar) -> Bool {
            scalar.value <= 32 || ".,:;<>\"\\'".unicodeScalars.contains(scalar)
        }
        var scalars = Substring(text).unicodeScalars
        while let first = scalars.first, isCrud(first) { scalars.removeFirst() }
        while let last = scalars.last, isCrud(last) { scalars.removeLast() }
        return String(String.UnicodeScalarView(scalars.filter { !"\n<>".unicodeScalars.contains($0) }))
    }
}

public import Documents

/// A package's connection references and variables bound for one environment, proven complete.
public struct Rebinding: Sendable {
    /// What one thing is bound to, and where that was said.
    public struct Row: Sendable, Hashable {
        /// What kind of thing it is.
        public enum Kind: String, Sendable, Hashable, Codable { case connection, variable, flow }

        public var kind: Kind
        public var name: String
        /// As written, so that a secret is its placeholder.
        public var value: String
        /// Such as `environments/prod.yaml:7` or `default of the package`.
        public var from: String
    }

    /// What an import needs; secrets are still `${{ secrets.NAME }}`.
    public var settings: DeploymentSettings
    /// Everything that is bound, in the package's order.
    public var rows: [Row]
    /// Warnings and hints.
    public var diagnostics: [Diagnostic]

    /// Proves that an environment binds everything that a package needs and nothing else; all problems come at once.
    ///
    /// A variable that is left to its default is a warning. Names are compared without regard to case, as the platform does it. The
    /// other environments show whether a connection is theirs. Where one environment serves several solutions, bindings
    /// that this one does not use may be warnings.
    public static func preflight(
        _ contents: SolutionContents, bindings: EnvironmentBindings, others: [EnvironmentBindings] = [],
        unused: Severity = .error
    ) throws(Rejected) -> Rebinding {
        var check = BindingCheck(contents: contents, bindings: bindings, others: others, unusedSeverity: unused)
        check.run()
        guard !check.diagnostics.contains(where: { $0.severity == .error }) else { throw Rejected(check.diagnostics) }
        return Rebinding(settings: check.settings, rows: check.rows, diagnostics: check.diagnostics)
    }
}

extension Rebinding {
    /// One line for each thing that is bound: what, to what, and where that was said.
    public var lines: [String] { rows.map { "\($0.kind.rawValue) \($0.name) = \($0.value) (\($0.from))" } }
}

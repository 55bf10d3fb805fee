public import Comparison
public import OpenAPI

/// The version that has to make room for the changes: the one that is given, else what the newer document declares.
public struct CheckedVersion: Sendable {
    /// The version; nil checks none.
    public var text: String?
    /// Why none is checked.
    public var reason: String?

    /// Chooses the version.
    ///
    /// - Parameters:
    ///   - given: the version that somebody gave, which decides.
    ///   - baseVersion: the version that somebody gave for the base.
    public init(given: String?, base: DefinitionSource.Found, baseVersion: String?, revision: APIDefinition) {
        if let given {
            text = given
            return
        }
        guard let declaredText = revision.declaredVersion, let declared = APIVersion(declaredText) else {
            reason = "the newer document declares no version such as 1.2.0"
            return
        }
        guard let known = (baseVersion ?? base.version).flatMap({ APIVersion($0) }) else {
            reason = "the version of the base is unknown"
            return
        }
        if let written = (baseVersion ?? base.definition.declaredVersion).flatMap({ APIVersion($0) }) {
            if written == declared {
                reason = "both documents declare \(declaredText)"
                return
            }
            if written != known {
                reason = "the base was released as \(known), but declares \(written)"
                return
            }
        }
        text = declaredText
    }

    /// What to tell where changes need a version and none was checked; nil where there is nothing to tell.
    ///
    /// - Parameter remedy: how a version is given: an option, an input.
    public func note(_ verdict: Verdict, remedy: String) -> String? {
        guard let reason, verdict.level > .none else { return nil }
        return "no version was checked: \(reason); give \(remedy)"
    }
}

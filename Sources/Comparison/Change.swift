public import Documents

/// One difference between two definitions that matters to somebody.
public struct Change: Sendable {
    /// The kind's id, to be found in ``ChangeCatalogue``.
    public let id: String
    /// How bad it is.
    public let level: Level
    /// Which part of the version has to grow.
    public let semver: Bump
    /// The operations that it reaches, in document order; empty where it concerns the whole definition.
    public internal(set) var operations: [OperationReference]
    /// The part of the operation, as people say it: `request property 'lines/items/price'`; nil for the whole.
    public let part: String?
    /// What happened, with the concrete names and values.
    public let message: String
    /// Where it was.
    public let base: Node?
    /// Where it is.
    public let revision: Node?
    /// Whom it breaks; nil where nobody notices.
    public let consumerNote: String?
    /// Says which change this is across runs; survives moves of lines.
    public let fingerprint: String

    /// The first operation that it reaches.
    public var operation: OperationReference? { operations.first }

    /// The path in the document: in the revision, or in the base for what is gone.
    public var pointer: Pointer? { (revision ?? base)?.pointer }

    /// Where it was, to point at.
    public var baseLocation: Location? { base?.location }

    /// Where it is, to point at.
    public var revisionLocation: Location? { revision?.location }

    /// The change as a finding for reports and events.
    public var finding: Finding {
        let severity: Severity =
            switch level {
            case .breaking: .error
            case .warning: .warning
            case .info: .information
            }
        let place = operation.map { operation in
            let more = operations.count - 1
            return "\(operation.operationID ?? operation.label)\(more > 0 ? " and \(more) more" : ""): "
        }
        var finding = Finding(
            code: id, severity: severity, message: (place ?? "") + message, location: revisionLocation ?? baseLocation,
            pointer: pointer?.description, help: consumerNote)
        finding.fingerprint = fingerprint
        return finding
    }
}

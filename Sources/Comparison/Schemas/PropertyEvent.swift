/// What happened to a property of an object.
struct PropertyEvent {
    enum Kind {
        case added, removed, becameRequired, becameOptional
        case becameReadOnly, becameNotReadOnly, becameWriteOnly, becameNotWriteOnly
    }

    var kind: Kind
    var isRequired: Bool
    var hasDefault: Bool
    var isReadOnly: Bool
    var isWriteOnly: Bool
}

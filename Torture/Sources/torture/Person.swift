/// The people of environments/roles.yaml.
enum Person: Sendable {
    case rana, mads, sigrid

    var name: String {
        switch self {
        case .rana: "Rana Developer"
        case .mads: "Mads Manager"
        case .sigrid: "Sigrid Architect"
        }
    }

    var email: String {
        switch self {
        case .rana: "rana@contoso.example"
        case .mads: "mads@contoso.example"
        case .sigrid: "sigrid@contoso.example"
        }
    }
}

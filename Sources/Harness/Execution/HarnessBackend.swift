/// What a run talks to.
public enum HarnessBackend: Sendable {
    /// The definition itself, served on a free loopback port for the time of the run.
    case mock(MockOptions)
    /// The base address of a service, which takes the place of host and base path in the definition.
    case url(String)

    /// The backend as written in an environment: `mock` or an address.
    public init(_ text: String) { self = text == "mock" ? .mock(MockOptions()) : .url(text) }
}

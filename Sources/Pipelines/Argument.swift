public import Documents
public import OrderedCollections

/// A value of a step as planned: plain, or still referring to what a run will know.
///
/// As a ``Value`` (in plan files and JSON output) a reference is the text `${{ ... }}` and a literal `${{` is written `$${{`.
public indirect enum Argument: Sendable, Hashable {
    case literal(Value)
    /// The whole value is one reference; it keeps its type.
    case reference(Reference)
    /// Text with references in it.
    case text([Part])
    case list([Argument])
    case map(OrderedDictionary<String, Argument>)

    /// A piece of a text.
    public enum Part: Sendable, Hashable {
        case literal(String)
        case reference(Reference)
    }
}

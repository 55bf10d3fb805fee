/// What a value of an API definition may look like.
indirect enum Shape: Sendable {
    case any
    case text
    case boolean
    case number
    case integer
    /// A text of a format that JSON Schema names.
    case format(String)
    case pattern(String)
    case choice([String])
    case list(Shape, least: Int)
    case map(Shape)
    /// An object of the table, by its name.
    case object(String)
    /// An object of the table, or a reference in its place.
    case reference(String)
    /// The first shape whose kind of value fits.
    case either([Shape])
}

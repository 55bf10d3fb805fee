/// The type of an input or output, checked when a plan is made.
public indirect enum ValueType: Sendable, Hashable {
    case string
    case integer
    case number
    case boolean
    /// A path relative to the repository's root that may not leave it.
    case path
    /// Such as `90s`, `10m`, `24h`, `7d`.
    case duration
    /// Such as `99%`.
    case percentage
    case list(ValueType)
    case map(ValueType)
    /// The name of a file in `environments/`.
    case environment
    /// A ``PackageReference``.
    case package
    /// `${{ secrets.NAME }}`; never a literal.
    case secret
    case choice([String])
    case any
}

/// almrun's own version, as `almrun --version` prints it and runs record it.
enum Version {
    static let current = "0.1.0"
}

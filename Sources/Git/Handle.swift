import CLibGit2

/// One libgit2 object; it is freed when the scope that opened it ends.
struct Handle: ~Copyable {
    /// The C object.
    let pointer: OpaquePointer
    private let release: @convention(c) (OpaquePointer?) -> Void

    /// Opens an object; a negative status throws what libgit2 said.
    init(
        _ doing: @autoclosure () -> String, freedBy release: @escaping @convention(c) (OpaquePointer?) -> Void,
        open: (inout OpaquePointer?) -> Int32
    ) throws(GitError) {
        var opened: OpaquePointer?
        let code = open(&opened)
        guard code >= 0, let opened else { throw GitError.last(doing(), code: code) }
        self.init(opened, freedBy: release)
    }

    /// Takes over an object that is already open.
    init(_ pointer: OpaquePointer, freedBy release: @escaping @convention(c) (OpaquePointer?) -> Void) {
        self.pointer = pointer
        self.release = release
    }

    deinit { release(pointer) }
}

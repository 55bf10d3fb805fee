import Foundation

/// Reads key files, which are small.
enum KeyFileText {
    private static let limit = 1 << 16

    /// The text, and why it should be nobody's secret; nil when only its owner can read it.
    static func read(_ path: String) throws(SignatureError) -> (text: String, exposure: String?) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path, String(cString: strerror(errno))) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure(path, String(cString: strerror(errno))) }
        var content: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while content.count <= limit {
            let count = Foundation.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure(path, String(cString: strerror(errno))) }
            if count == 0 { break }
            content += buffer.prefix(count)
        }
        guard content.count <= limit else { throw failure(path, "it is too large for a key") }
        guard let text = String(validating: content, as: UTF8.self) else { throw failure(path, "it is no text") }
        return (text, exposure(status, path))
    }

    /// As ssh sees it: a file of ours that others may open is no secret. Of a pipe nobody else has the name.
    private static func exposure(_ status: stat, _ path: String) -> String? {
        let mode = Int(status.st_mode & 0o777)
        guard status.st_mode & S_IFMT == S_IFREG, status.st_uid == geteuid(), mode & 0o077 != 0 else { return nil }
        let octal = String(mode, radix: 8)
        return "its mode is \(String(repeating: "0", count: 4 - octal.count))\(octal), so others than you may open it; "
            + "type: chmod 600 '\(path)'"
    }

    private static func failure(_ path: String, _ why: String) -> SignatureError {
        SignatureError("signature/key-file", "cannot read the key '\(path)': \(why)")
    }
}

import Foundation

/// Reads key files, which are small.
enum KeyFileText {
    private static let limit = 1 << 16

    static func read(_ path: String) throws(SignatureError) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path, String(cString: strerror(errno))) }
        defer { close(descriptor) }
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
        return text
    }

    private static func failure(_ path: String, _ why: String) -> SignatureError {
        SignatureError("signature/key-file", "cannot read the key '\(path)': \(why)")
    }
}

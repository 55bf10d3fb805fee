import CLibZip

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Memory that libzip owns: what it is given must outlive every Swift array.
enum Buffer {
    /// A source with a copy of the bytes; libzip frees the copy.
    static func source(of bytes: [UInt8], _ error: inout zip_error_t) -> OpaquePointer? {
        guard let copy = malloc(max(1, bytes.count)) else { return nil }
        bytes.withUnsafeBytes { from in
            if let start = from.baseAddress { copy.copyMemory(from: start, byteCount: from.count) }
        }
        guard let source = zip_source_buffer_create(copy, UInt64(bytes.count), 1, &error) else {
            free(copy)
            return nil
        }
        return source
    }
}

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Sets a file's size.
func systemTruncate(_ path: String, _ size: Int) -> Int32 { truncate(path, off_t(size)) }

/// Makes a named pipe.
func systemPipe(_ path: String) -> Int32 { mkfifo(path, 0o600) }

import RunStorage
import Synchronization

/// The stores that this process has open, one of each folder: it may end before all that uses them has let them go.
enum OpenStores {
    private static let stores = Mutex<[String: SQLiteRunStore]>([:])

    /// The store in a folder, made where there is none.
    static func store(in folder: String) throws -> SQLiteRunStore {
        try stores.withLock { stores in
            if let store = stores[folder] { return store }
            let store = try SQLiteRunStore(folder: folder)
            stores[folder] = store
            return store
        }
    }

    /// Closes them, so that no log of SQLite's stays behind, and whoever replaces a file has it alone.
    static func close() {
        let open = stores.withLock { stores in
            defer { stores = [:] }
            return Array(stores.values)
        }
        for store in open { store.close() }
    }
}

public import Documents
import Foundation

/// Applies fix-its to the files of a repository.
public struct FixItApplier: Sendable {
    private let root: String

    /// For the repository in a folder.
    public init(root: String) { self.root = root }

    /// What was changed.
    public struct Result: Sendable, Hashable {
        /// The files that were written, sorted.
        public var files: [String]
        /// How many diagnostics were put right.
        public var applied: Int
    }

    /// The new bytes of each file: the first fix-it of each diagnostic, except where it overlaps an earlier one.
    public static func edits(_ diagnostics: [Diagnostic]) -> (files: [(source: Source, bytes: [UInt8])], applied: Int) {
        var bySource: [Source: [FixIt]] = [:]
        var order: [Source] = []
        var taken: [Source: [Range<Int>]] = [:]
        var applied = 0
        for diagnostic in diagnostics {
            guard let fixIt = diagnostic.fixIts.first, let source = fixIt.edits.first?.location.source,
                fixIt.edits.allSatisfy({ $0.location.source == source })
            else { continue }
            let ranges = fixIt.edits.map(\.location.range)
            let isFree = ranges.allSatisfy { new in
                taken[source, default: []].allSatisfy { $0 != new && !$0.overlaps(new) }
            }
            guard isFree else { continue }
            if bySource[source] == nil { order.append(source) }
            bySource[source, default: []].append(fixIt)
            taken[source, default: []] += ranges
            applied += 1
        }
        return (order.map { ($0, FixIt.apply(bySource[$0] ?? [], to: $0)) }, applied)
    }

    /// Writes each file that a fix-it changes; a file is replaced whole or not at all, and one that changed since it was read is left alone.
    public func apply(_ diagnostics: [Diagnostic]) throws(Rejected) -> Result {
        let (files, applied) = Self.edits(diagnostics)
        for (source, bytes) in files {
            let url = URL(filePath: root).appending(path: source.name)
            do {
                guard try Array(Data(contentsOf: url)) == source.bytes else {
                    throw Rejected(
                        Diagnostic(
                            "manifest/changed", "'\(source.name)' changed while it was read; nothing was written to it")
                    )
                }
                try Data(bytes).write(to: url, options: .atomic)
            } catch let error as Rejected {
                throw error
            } catch {
                throw Rejected(
                    Diagnostic(
                        "manifest/unwritable", "'\(source.name)' cannot be written: \(error.localizedDescription)"))
            }
        }
        return Result(files: files.map(\.source.name).sorted(), applied: applied)
    }
}

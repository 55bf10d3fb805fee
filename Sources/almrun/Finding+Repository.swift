import Documents
import Foundation

extension Finding {
    /// The finding with its file's path from the top of the git work tree, where the file lies in one.
    ///
    /// Reports that are read elsewhere, as SARIF and annotations are, name files from there (SARIF 2.1.0, 3.4.4;
    /// GitHub's workflow commands).
    var inRepository: Finding {
        guard let file else { return self }
        let parts = OutputPlace.real(file).split(separator: "/")
        guard
            let depth = parts.indices.reversed().first(where: {
                FileManager.default.fileExists(atPath: "/" + parts[..<$0].joined(separator: "/") + "/.git")
            })
        else { return self }
        var finding = self
        finding.file = parts[depth...].joined(separator: "/")
        return finding
    }
}

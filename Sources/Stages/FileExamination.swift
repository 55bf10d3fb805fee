public import Documents
public import Engine
public import Pipelines

/// Compares the files that the stages of a run read with those that the run was made with.
public protocol FileExamination: Sendable {
    /// Throws where what was read is something else.
    func examine(_ read: ReadFiles) throws

    /// Is told what a step has ended with, which may have made files for later ones.
    func learn(_ output: Value, of step: StepID)
}

"""Bad input gets one clear sentence: what, where, the mend."""


class ReadingError(Exception):
    """A file that cannot be read. `str(error)` is one Chinese sentence fit for a screen; `name` the file (in an archive: zip!member)."""

    def __init__(self, name: str, problem: str, mend: str) -> None:
        self.name = name
        self.problem = problem
        self.mend = mend
        super().__init__(f"{name}：{problem}。{mend}。")

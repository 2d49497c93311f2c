"""The ways work can end badly: the user can fix it, or the user stopped it. Anything else is our bug."""


class UserError(Exception):
    """Something the operator can act on.

    `str(error)` says what happened and is shown as it is; `hint` says what is safe and what to do next.
    """

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class Cancelled(Exception):
    """The operator stopped the job. Never shown, never logged as an error."""

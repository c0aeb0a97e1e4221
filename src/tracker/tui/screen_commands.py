"""The commands of the screens beside the board: most are the board's; some keys mean what is needed more there."""

from __future__ import annotations

from dataclasses import replace

from tracker.tui.commands import BY_NAME, CAPTURE, CHANGE, FILTER, GO, MOVE, Command


def _board(name: str, footer: str = "", help: str = "", keys: str = "") -> Command:
    command = BY_NAME[name]
    return replace(command, footer=footer, help=help or command.help, keys=keys or command.keys)


TRIAGE: tuple[Command, ...] = (
    _board("assign", "owner"),
    _board("due", "due"),
    Command(
        "estimate", "e", "Estimate", "hours from low to high: 2-4, 3, 30m, 1d; - takes it away", CHANGE, "estimate"
    ),
    _board("cite", "key result"),
    _board("cancel", "cancel"),
    _board("forward", "start or next", "to the next status"),
    _board("back", "", "to the status before"),
    _board("block", "block"),
    _board("repeat", "repeat", "the last change once more, on this row"),
    _board("select", "mark", "the next key then acts on every marked row, undone as one"),
    Command("skip", "z", "Skip", "leave the row as it is", MOVE, "skip"),
    _board("undo", "undo"),
    _board("redo"),
    _board("wait"),
    _board("message"),
    _board("cut", "cut line", "shows below which row work will not finish at our pace", "g c"),
    Command(
        "sort", "s", "Sort again", "what needs something first; rows never move while you act on them", FILTER, "sort"
    ),
    _board("mine", "mine"),
    _board("person"),
    _board("unowned"),
    _board("late"),
    *(_board(f"key_result_{digit}") for digit in range(1, 10)),
    _board("all"),
    _board("search"),
    _board("down", "", "the next row"),
    _board("up", "", "the row above"),
    _board("page_down"),
    _board("page_up"),
    _board("first", "", "the first row", "home"),
    _board("last", "", "the last row", "G end $"),
    _board("new"),
    _board("idea"),
    _board("edit", "", "the form with every field", "E"),
    _board("history"),
    _board("fold"),
    _board("copy"),
    _board("theme"),
    _board("palette"),
    _board("help", "help"),
    _board("open", "open"),
    Command("leave", "escape q", "Back to the board", "first takes marks and filter away", GO, "board"),
)
"""In the order of the footer."""

_EVERYWHERE = (_board("fold"), _board("theme"), _board("palette"), _board("help", "help"))
_SCROLL = (
    _board("down", "", "a line down, or the next entry"),
    _board("up", "", "a line up, or the entry above"),
    _board("page_down"),
    _board("page_up"),
    _board("first", "", "the beginning"),
    _board("last", "", "the end", "G end $"),
)

TASK: tuple[Command, ...] = (
    _board("edit", "edit all fields", keys="e enter"),
    _board("assign", "owner"),
    _board("due", "due"),
    _board("cite", "key result"),
    _board("forward", "status"),
    _board("back", "status"),
    _board("block", "block"),
    _board("wait", "wait"),
    _board("cancel", "cancel"),
    _board("message", "message"),
    _board("undo", "undo"),
    _board("redo"),
    _board("repeat"),
    _board("copy", "copy"),
    *_SCROLL,
    Command("side", "tab shift+tab", "Other side", "scroll facts, or messages and history", MOVE, "other side"),
    *_EVERYWHERE,
    Command("leave", "escape q", "Back", "to where the task was opened", GO, "back"),
)

FORM: tuple[Command, ...] = (
    Command("save", "ctrl+s", "Save", "all changed fields as one change", CHANGE, "save"),
    Command("next_field", "tab down", "Next field", "Enter does it too", MOVE, "field"),
    Command("previous_field", "shift+tab up", "Field before", "", MOVE, "field"),
    Command("restore", "ctrl+r", "Restore", "what stood in the field before", CHANGE, "restore"),
    Command("keep_mine", "ctrl+o", "Keep mine", "where somebody else changed the field too", CHANGE),
    Command("take_theirs", "ctrl+t", "Take theirs", "where somebody else changed the field too", CHANGE),
    Command("leave", "escape", "Leave", "asks first when something is not saved", GO, "leave"),
)

IDEAS: tuple[Command, ...] = (
    _board("idea", "new idea", keys="i n"),
    Command("promote", "K p", "Make it a task", "cite the key result it moves", CHANGE, "cite: becomes a task"),
    Command("drop", "x", "Drop", "asks why; the reason is kept", CHANGE, "drop"),
    _board("undo", "undo"),
    _board("redo"),
    *_SCROLL,
    *_EVERYWHERE,
    Command("leave", "escape q", "Back", "to the screen before", GO, "back"),
)

STRATEGY: tuple[Command, ...] = (
    Command("edit", "e enter", "Change", "the entry under the cursor", CHANGE, "change"),
    Command("objective", "o", "New objective", "in the running cycle", CHANGE, "new objective"),
    Command("add_key_result", "n", "New key result", "under the objective of the cursor", CHANGE, "new key result"),
    Command("accept", "a", "Accept", "the draft under the cursor, as its owner or a manager", CHANGE, "accept"),
    Command("drop", "x", "Drop", "an objective or key result; asks why", CHANGE, "drop"),
    Command("ask", "w", "New question", "a narrower one, that an objective answers", CHANGE, "new question"),
    Command("person", "p", "New person", "somebody work can be given to", CHANGE, "new person"),
    _board("undo", "undo"),
    _board("redo"),
    *(command for command in _SCROLL if command.name not in ("first", "last")),
    _board("first", "", "the beginning", "g home"),
    _board("last", "", "the end", "G end $"),
    *_EVERYWHERE,
    Command("leave", "escape q", "Back", "to the screen before", GO, "back"),
)

PLAN_BACK: tuple[Command, ...] = (
    Command("step_below", "o", "Step below", "what somebody does just before; its share behind it: Opens the mail 40%",
            CHANGE, "add below"),
    Command("step_above", "O", "Step above", "between this step and the one above", CHANGE, "above"),
    Command("step_name", "e", "Name", "what somebody does on the step", CHANGE, "name"),
    Command("step_stage", "g", "Stage", "its letter, or letters of it", CHANGE, "stage"),
    Command("step_rate", "r", "Rate", "how many go up to the step above: 25% or 0.25; - nobody knows", CHANGE, "rate"),
    Command("step_actual", "a", "Actual rate", "how many really went up, beside what the plan assumes", CHANGE,
            "actual rate"),
    Command("step_counted", "L", "Counted by", "the key result that counts the step; - none", CHANGE, "counted by"),
    Command("step_task", "n", "New task here", "key result, stage and step are filled in", CAPTURE, "new task"),
    Command("step_idea", "i", "From an idea", "takes an idea onto the step; what fits best comes first", CAPTURE,
            "take idea"),
    Command("step_what_if", "w", "What if", "another rate, only to look; Esc takes it away", FILTER, "what if"),
    Command("step_target", "t", "Target as needed", "the key result that counts the step aims at what the plan needs",
            CHANGE, "target"),
    Command("step_dates", "D", "Dates back", "lead times from the goal down give undated tasks a day", CHANGE, "dates"),
    Command("step_pieces", "m", "Tasks wanted", "how many tasks the step wants; fewer is said", CHANGE),
    Command("step_remove", "x", "Remove the step", "its tasks stay, on no step", CHANGE, "remove"),
    _board("undo", "undo"),
    _board("redo"),
    Command("step_view", "v", "One line or full", "one line a step, or what is wrong beneath each", FILTER, "view"),
    Command("plan_goal", "K", "Other key result", "whose plan is shown; one without a plan begins one", GO,
            "key result"),
    *(command for command in _SCROLL if command.name not in ("first", "last")),
    _board("first", "", "the goal", "home"),
    _board("last", "", "the first contact"),
    *_EVERYWHERE,
    Command("leave", "escape q", "Back", "to the screen before", GO, "back"),
)

ALIGNMENT: tuple[Command, ...] = (
    Command("keep", "K", "Keep", "asks why; the finding is decided until its figures change", CHANGE, "keep"),
    Command("recalibrate", "r", "Recalibrate", "asks for the cause, then a new target or another key result", CHANGE,
            "recalibrate"),
    Command("kill", "x", "Kill", "cancels the marked tasks, or the one it is about; asks why", CHANGE, "kill"),
    Command("move", "m", "Move to another key result", "the marked tasks, or the one it is about", CHANGE,
            "move to KR"),
    _board("select", "mark", "the task, or all tasks of the finding"),
    _board("repeat", "", "the last reason to keep, for this finding"),
    _board("undo", "undo"),
    _board("redo"),
    Command("tasks", "tab shift+tab", "Tasks of the finding", "to choose from, and back", MOVE, "tasks"),
    Command("overview", "v", "Coverage and results", "by stage and medium, and by key result; once more goes back",
            MOVE, "coverage"),
    Command("report", "w", "Write the report", "as Markdown, into a file", GO, "write report"),
    _board("open", "open", "the task or key result it is about"),
    *_SCROLL,
    *_EVERYWHERE,
    Command("leave", "escape q", "Back", "from the tasks, then the marks, then to the screen before", GO, "back"),
)

CHECK_IN: tuple[Command, ...] = (
    Command("save_check_in", "enter ctrl+s", "Save", "and open the next key result whose turn it is", CHANGE,
            "save, next"),
    Command("next_field", "tab", "Next field", "value, confidence, note, blocks", MOVE, "field"),
    Command("previous_field", "shift+tab", "Field before", "", MOVE),
    _board("down", "key result", "the next key result; letters are text in note and blocks", "down j"),
    _board("up", "key result", "the key result above", "up k"),
    Command("go_on_as_is", "c", "Continue", "save, and open the next", CHANGE, "continue"),
    Command("retarget", "g", "Change target or plan", "the form of the key result", CHANGE, "target"),
    _board("new", "new work", "cites the key result in front"),
    Command("stop_key_result", "x", "Stop, say why", "drops the key result; refused while open tasks cite it", CHANGE,
            "stop"),
    Command("past_check_in", "e", "Edit a past check-in", "the one before; the old one is kept", CHANGE, "past one"),
    Command("check_in_day", "d", "Another day", "a late check-in, or one of a past day", CHANGE, "day"),
    Command("override_health", "o", "Override the health", "with a reason, until the next check-in", CHANGE, "health"),
    Command("milestones", "l", "Milestones", "their titles, one a line", CHANGE, "milestones"),
    Command("skip", "s", "Skip", "open the next, leave this one as it is", MOVE, "skip"),
    _board("undo", "undo", keys="u ctrl+z"),
    Command("restore_check_in", "ctrl+r U", "Restore", "what stood in the fields; then redo", CHANGE),
    _board("page_down", "", "the last key result", "pagedown"),
    _board("page_up", "", "the first key result", "pageup"),
    Command("older", "shift+down", "Older check-ins", "further back in the history", MOVE),
    Command("newer", "shift+up", "Newer check-ins", "forth again", MOVE),
    _board("fold"),
    _board("theme"),
    _board("palette"),
    _board("help", "help"),
    Command("leave", "escape q", "Back", "out of the words, then to the screen before; asks about what is not saved",
            GO, "back"),
)

CYCLE: tuple[Command, ...] = (
    Command("grade", "g", "Grade", "the final grade beside the raw one; another one asks why", CHANGE, "grade"),
    Command("continue_it", "c", "Continue", "as a draft of the next cycle; open tasks go along", CHANGE,
            "continue"),
    Command("change_it", "n", "Change", "asks for the new target; continues with it", CHANGE, "change"),
    Command("drop_it", "x", "Drop", "asks why; it ends with this cycle", CHANGE, "drop"),
    Command("start_one", "s", "Start a new one", "a key result of the next cycle", CHANGE, "start new"),
    Command("move_tasks", "m", "Move open tasks", "to a key result of the next cycle; planned, not done", CHANGE,
            "move tasks"),
    Command("cancel_tasks", "X", "Cancel open tasks", "asks why; planned, not done", CHANGE, "cancel tasks"),
    Command("settle_tasks", "t", "Do the plan for tasks", "all of them as one change", CHANGE, "do it"),
    Command("worked", "w", "What worked", "one line of the retrospective; again adds another", CHANGE, "worked"),
    Command("did_not", "d", "What did not", "one line of the retrospective", CHANGE, "did not"),
    Command("learned", "l", "What we learned", "one line of the retrospective", CHANGE, "learned"),
    Command("close_cycle", "f", "Close the cycle", "says what it comes to, then closes it and begins the next", CHANGE,
            "close"),
    Command("begin_grading", "b", "Begin grading", "check-ins are taken for a week after the end", CHANGE),
    Command("activate", "a", "Activate", "the planned cycle under the cursor", CHANGE),
    Command("plan_cycle", "N", "New cycle", "after the last one", CHANGE, "new cycle"),
    Command("edit", "e", "Change all fields", "of the cycle, or the key result that carries this one on", CHANGE,
            "edit"),
    _board("undo", "undo"),
    _board("redo"),
    _board("check_in", "check-in"),
    *(command for command in _SCROLL if command.name not in ("first", "last")),
    _board("first", "", "the beginning", "home"),
    _board("last", "", "the end"),
    *_EVERYWHERE,
    Command("open", "enter", "Go on", "what the line asks for next; another cycle is shown", GO, "go on"),
    Command("leave", "escape q", "Back", "to the running cycle, then to the screen before", GO, "back"),
)

CALENDAR: tuple[Command, ...] = (
    _board("left", "day", "the day before"),
    _board("right", "day", "the day after"),
    _board("down", "", "the week after; in a week the next task"),
    _board("up", "", "the week before; in a week the task above"),
    _board("page_up", "page", "the month or week before", "[ pageup"),
    _board("page_down", "page", "the next month or week", "] pagedown"),
    _board("first", "", "the first day of the month or week", "home"),
    _board("last", "", "the last day of the month or week", "end"),
    Command("today", "t", "Today", "the cursor to today", MOVE, "today"),
    Command("next_task", "tab", "Next task of the day", "", MOVE, "task"),
    Command("previous_task", "shift+tab", "Task of the day above", "", MOVE),
    Command("view", "v", "Month or week", "a week has more room for each day", FILTER, "month/week"),
    Command("which", "p", "Publish or due", "publish and due days, then only one of them", FILTER, "which days"),
    Command("day_earlier", "< shift+left", "A day earlier", "the day that is shown: due or publish", CHANGE, "move"),
    Command("day_later", "> shift+right", "A day later", "the day that is shown: due or publish", CHANGE, "move"),
    Command("week_earlier", "shift+up", "A week earlier", "", CHANGE),
    Command("week_later", "shift+down", "A week later", "", CHANGE),
    _board("due", "date", "types the day: fri, +3d, 29; - takes it away"),
    _board("assign", "owner"),
    _board("select", "select"),
    _board("undo", "undo"),
    _board("redo"),
    _board("new", "new", "due on the day under the cursor"),
    _board("edit", "", "the form with every field"),
    _board("open", "open"),
    *_EVERYWHERE,
    Command("leave", "escape q", "Back to the board", "first takes the selection away", GO, "board"),
)

HISTORY: tuple[Command, ...] = (
    _board("undo", "undo"),
    _board("redo", "redo"),
    *_SCROLL,
    *_EVERYWHERE,
    _board("open", "open the task"),
    Command("leave", "escape q", "Back", "to the screen before", GO, "back"),
)

FLOW: tuple[Command, ...] = (
    _board("down", "ageing", "the next task in work"),
    _board("up", "ageing", "the task above"),
    _board("page_down"),
    _board("page_up"),
    _board("first", "", "the oldest task in work", "g home"),
    _board("last", "", "the youngest task in work"),
    *(
        Command("panel", str(number), f"Only panel {number}", f"{what}; once more shows all that fit", MOVE, "panel",
                str(number))
        for number, what in enumerate(("cumulative flow", "cycle time", "ageing work", "forecast"), 1)
    ),
    Command("next_panel", "tab", "Next panel", "alone; after the last one all that fit", MOVE, "next"),
    Command("previous_panel", "shift+tab", "Panel before", "alone", MOVE),
    Command("shorter", "[", "Fewer days", "7, 14, 30, 60, 90, 180 or 365", FILTER, "days"),
    Command("longer", "]", "More days", "7, 14, 30, 60, 90, 180 or 365", FILTER, "days"),
    Command("cycle_span", "0", "The cycle", "the days of the running cycle", FILTER, "cycle"),
    Command("what_if", "w", "What if", "fewer tasks or a later day: 20, 15 nov, 20 by 15 nov", FILTER, "what if"),
    *_EVERYWHERE,
    _board("open", "open the task"),
    Command("leave", "escape q", "Back", "first takes the what-if and a chosen panel away", GO, "back"),
)

SYNC: tuple[Command, ...] = (
    Command("sync_plan", "p", "Plan", "what a run would do; both sides are read, nothing is written", GO, "plan"),
    Command("sync_run", "r", "Run", "brings both sides together, behind whatever you do meanwhile", CHANGE, "run"),
    Command("sync_stop", "s", "Stop", "after the task it has in hand; the next run goes on from there", CHANGE,
            "stop"),
    Command("sync_ours", "o", "Ours", "what stands here counts: in the field, or in all of the task", CHANGE, "ours"),
    Command("sync_theirs", "t", "Theirs", "what stands there counts: in the field, or in all of the task", CHANGE,
            "theirs"),
    Command("sync_settle", "c", "To settle", "conflicts side by side, and what else needs a person", GO, "to settle"),
    Command("sync_log", "l", "Log of runs", "what each of them did, task by task", GO, "log"),
    Command("next_connection", "tab", "Next connection", "", MOVE, "connection"),
    Command("previous_connection", "shift+tab", "Connection before", "", MOVE),
    _board("copy", "copy link", "the address of the task there"),
    Command("browse", "w", "Open there", "the task in the browser", GO, "open there"),
    _board("undo", "undo"),
    _board("redo"),
    *(command for command in _SCROLL if command.name not in ("first", "last")),
    _board("first", "", "the beginning", "g home"),
    _board("last", "", "the end", "G end $"),
    *_EVERYWHERE,
    _board("open", "open the task"),
    Command("leave", "escape q", "Back", "to the screen before; a run goes on", GO, "back"),
)

WIZARD: tuple[Command, ...] = (
    Command("go_on", "enter tab down", "Go on", "to the next question", MOVE, "go on"),
    Command("go_back", "shift+tab up", "Back", "to the question before", MOVE, "back"),
    Command("leave", "escape", "Later", "keeps the answers and leaves", GO, "later: answers are kept"),
)

OWN: tuple[Command, ...] = tuple(
    {
        command.name: command
        for commands in (
            TRIAGE, TASK, FORM, IDEAS, STRATEGY, ALIGNMENT, PLAN_BACK, CHECK_IN, CYCLE, CALENDAR, HISTORY, SYNC,
            WIZARD,
        )
        for command in commands
        if command.name not in BY_NAME
    }.values()
)
"""The commands that the board does not have, once each; the settings may put other keys to them too."""

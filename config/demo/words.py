"""What the invented people write: short, plain, and about nobody real."""

REFLECTIONS = (
    "I was sure the numbers were the hard part. The hard part was saying what I thought, in two minutes.",
    "My colleague answered faster than I expected, and the answer was a question. I had left out who the work was for.",
    "I noticed it only when I read my own note again. It sounded finished, and I had not checked a thing in it.",
    "It took less time than I feared. Next time I say it before we start, while it is still cheap to change course.",
    "Somebody who was not in the room would have seen the problem at once. I am going to ask her first next week.",
    "I kept the part I like and handed over the part I find dull. That is not the line I meant to draw.",
)

REPORTS = (
    "I told Jo which part of the summary needs a person: the order of the options, because the board will ask me.",
    "He said he had meant to start with the tool, then wrote his own three lines first.",
    "Two of them had no mark. I hand those over from Monday.",
    "We talked for ten minutes beside her desk. The step that looked empty is where she catches wrong addresses.",
    "I asked for one thing I could do differently in the next stand-up, and got an answer I can use.",
)

NOTES = (
    "What could still be wrong here, and who would notice?",
    "Brief B says who answers for the result. I would borrow that sentence.",
    "The second one describes what happened. The first one tells me what to feel about it.",
)

REASONS = (
    "I want to know more before it gets expensive to turn back.",
    "It names who decides, so nobody has to guess later.",
    "The person affected should hear it from us first.",
)

# By the key of the step that asks for the plan. The second half follows "then I", as on the page.
PLANS = {
    "commitment": (
        ("I hand over a task in our Monday planning", "say which part needs a person, and who that is"),
        ("I open the AI tool to start a document", "first write one line with my own view"),
    ),
    "commit-two-frames": (
        ("somebody sends me a problem in one sentence", "write a second sentence for it before I answer"),
        ("our planning starts with a solution", "ask who else would call this a problem, and what they would call it"),
    ),
    "commit-one-source": (
        ("someone sends me a draft that sounds finished", "open the source of its main claim before I answer"),
        ("I copy a figure from the AI tool into a report", "look it up where it comes from before I save the file"),
    ),
    "commit-own-line": (
        ("I am about to ask the AI tool which option is better", "write down mine first, and how sure I am"),
        ("a colleague asks me to choose between two offers", "say what I would take before we look at the comparison"),
    ),
    "commit-absent-name": (
        ("we agree on something in the weekly meeting", "name one person it touches who is not in the room"),
        ("I paste a customer's words into the tool", "ask myself what that customer would say to it"),
    ),
    "commit-walk-a-step": (
        ("I want to hand a step of our work to the tool", "first watch the person who does it for ten minutes"),
        ("somebody calls a step a mere formality", "ask who would notice if it were left out"),
    ),
    "keep-it-alive": (
        ("one of our rules is in my way", "write down which one and why before I go around it"),
        ("the last meeting of the month begins", "read one rule aloud and ask whether we still keep it"),
    ),
    "name-your-moment": (
        ("a meeting ends early", "ask one person what I could do differently next time"),
        ("I close my laptop after a demo", "ask the colleague beside me for one thing to try"),
    ),
    "your-sentence": (
        ("I notice that I explain the same slip to a third person", "say it to the one it concerns that day"),
        ("we walk back from the weekly call", "ask whether now is a good moment for one thing I saw"),
    ),
    "thank-today-decide-tomorrow": (
        ("somebody tells me what went wrong", "thank them and ask one question before I say anything else"),
        ("a comment on my draft stings", "answer with thanks only, and decide the next morning"),
    ),
    "plan-to-notice": (
        ("I read a report that saves me an hour", "write its author which paragraph did it"),
        ("Friday's last meeting ends", "name one thing somebody did that nobody saw"),
    ),
    "what-you-keep": (
        ("our Monday meeting ends", "say one thing I would like to hear about my own part"),
        ("a project is closed", "ask two people what I should do again"),
    ),
}

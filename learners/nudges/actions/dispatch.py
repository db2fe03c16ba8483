"""DISPATCH: claim a batch, bring each message to its next state. Any number of workers side by side."""

import uuid
from collections import Counter
from contextlib import ExitStack
from datetime import datetime

from learners.nudges.actions.ahead import Ahead
from learners.nudges.actions.claim import CLAIM_BATCH, RENEW_AFTER_SECONDS, claim, keep_claim
from learners.nudges.actions.deliver import deliver
from learners.nudges.actions.engine import engine_state, stands_still
from learners.nudges.channels.email import MailPost
from learners.nudges.queries.orders import Known, held_messages
from learners.nudges.rules.pace import FIRST, next_batch
from learners.nudges.watch import Watch


def dispatch_for(*, seconds: float, now: datetime) -> None:
    """
    Send what is due, batch by batch over one mail connection, until nothing is left or the time is over.

    The first batch is small and each is about as large as two seconds allow, so that a worker that dies holds little.
    """
    watch = Watch(now)
    limit = FIRST
    with MailPost() as post:
        while watch.elapsed() < seconds:
            began = watch.elapsed()
            ended = dispatch(now=watch.now(), limit=limit, post=post).total()
            if not ended:
                return
            limit = next_batch(ended, watch.elapsed() - began)


def dispatch(*, now: datetime, limit: int = CLAIM_BATCH, post: MailPost | None = None) -> Counter[str]:
    """
    Send up to `limit` messages whose time has come and return how many reached each state; empty = nothing to do.

    post: the mail connection to use; without one the batch has its own. A message whose lease went to somebody else is
    counted under "". Nothing is claimed while the engine stands still. Not one transaction: each message has its own
    (see deliver).
    """
    fates: Counter[str] = Counter()
    if stands_still(engine_state()):
        return fates
    watch = Watch(now)
    token = uuid.uuid4()
    if not claim(token=token, now=now, limit=limit):
        return fates
    held = held_messages(token)
    ahead = Ahead(held, token, Known())
    renewed = watch.elapsed()
    with ExitStack() as stack:
        post = post or stack.enter_context(MailPost())
        post.try_again()
        for pk in held:
            if watch.elapsed() - renewed > RENEW_AFTER_SECONDS:
                keep_claim(token=token, now=watch.now())
                renewed = watch.elapsed()
            fates[deliver(pk, token, post, ahead, now=watch.now())] += 1
    return fates

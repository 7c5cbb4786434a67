"""Operations about the law itself: the claim, why places are protected, the register, natures."""

from api.check.questions import NaturesQuestion, ProtectionQuestion
from api.exits import exit_of
from api.operation import Call, operation
from api.reading import Dated
from maps.check.answers import ClaimCheck, NatureList, RegisterList
from maps.check.protection_answers import ProtectionList


@operation(
    "claim",
    "GET /api/v1/claim",
    heavy=True,
    text="maps.check.document:claim_document",
    files="api.check.plan_claim:CLAIM_FILES",
    output="--report",
    exit_of=lambda answer: exit_of([answer.verdict]),
)
def claim(call: Call, asked: Dated) -> ClaimCheck:
    """Judge the plan's claim that the zone touches nothing sensitive by the layers."""
    from api.check.plan_claim import check_claim

    return check_claim(call.workspace.as_of(asked.on))


@operation(
    "why",
    "GET /api/v1/protections",
    arguments=("kind",),
    text="maps.check.protection_document:protections_document",
)
def why(call: Call, asked: ProtectionQuestion) -> ProtectionList:
    """Say why places are protected: what, by which law, what is allowed, who decides."""
    from api.check.protections import list_protections

    return list_protections(call.workspace.as_of(asked.on), asked.kind)


@operation("register", "GET /api/v1/register", text="maps.check.certificate:register_document")
def register(call: Call, asked: Dated) -> RegisterList:
    """List the register of sensitive areas: each member, its law, and whether it is examined."""
    from api.check.plan_claim import list_register

    return list_register(call.workspace.as_of(asked.on))


@operation("natures", "GET /api/v1/natures", text="maps.check.document:natures_document")
def natures(call: Call, asked: NaturesQuestion) -> NatureList:
    """List the natures that a project can have, and what each needs by which clause."""
    from api.check.natures import list_natures

    return list_natures(call.workspace.as_of(asked.on), asked.nature)


LAW_OPERATIONS = (claim, why, register, natures)

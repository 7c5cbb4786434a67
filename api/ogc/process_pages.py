"""Processes and jobs as pages for people."""

from api.ogc.pages import make_page
from api.ogc.visit import Visit
from maps.ogc.process_answers import JobList, JobStatus, Process, ProcessList
from maps.ogc.web_page import Ref, Section


def processes_page(visit: Visit, answer: ProcessList) -> str:
    """Return all processes as a page."""
    rows = [
        (
            Ref(text=one.id, href=visit.href(f"/processes/{one.id}", [("f", "html")])),
            one.description,
        )
        for one in answer.processes
    ]
    title = visit.word("processes")
    return make_page(visit, title, [Section(heading=title, rows=rows)], answer.links)


def process_page(visit: Visit, answer: Process) -> str:
    """Return a process as a page."""
    rows = [
        (name, one.description, visit.word("needed") if one.min_occurs else "")
        for name, one in answer.inputs.items()
    ]
    section = Section(heading=visit.word("inputs"), note=answer.description, rows=rows)
    path = [("processes", "/processes")]
    return make_page(visit, answer.id, [section], answer.links, path)


def jobs_page(visit: Visit, answer: JobList) -> str:
    """Return jobs as a page."""
    rows = [
        (
            Ref(text=one.job_id[:8], href=visit.href(f"/jobs/{one.job_id}", [("f", "html")])),
            one.process_id,
            visit.word(f"job_{one.status}"),
            one.created,
        )
        for one in answer.jobs
    ]
    title = visit.word("jobs")
    more = [
        (Ref(text=one.title or one.rel, href=one.href),)
        for one in answer.links
        if one.rel == "next"
    ]
    sections = [Section(heading=title, rows=rows)]
    if more:
        sections.append(Section(heading=visit.word("more_pages"), rows=more))
    return make_page(visit, title, sections, answer.links)


def job_page(visit: Visit, answer: JobStatus) -> str:
    """Return a job as a page."""
    rows = [
        (visit.word("process"), answer.process_id),
        (visit.word("status"), visit.word(f"job_{answer.status}")),
        (visit.word("progress"), f"{answer.progress} %"),
        (visit.word("message"), answer.message),
        (visit.word("created"), answer.created),
        (visit.word("finished"), answer.finished),
    ]
    ways = [(Ref(text=one.title or one.rel, href=one.href),) for one in answer.links]
    sections = [
        Section(heading=visit.word("facts"), rows=rows),
        Section(heading=visit.word("resources"), rows=ways),
    ]
    title = answer.job_id[:8]
    return make_page(visit, title, sections, visit.own_links(), [("jobs", "/jobs")])

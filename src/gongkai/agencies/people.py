"""Accounts and their posts, as the operator at the command line gives them. Passwords are made here, handed back once, never logged."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import transaction

from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.models import Agency, Membership, Section, User
from gongkai.agencies.names import normal
from gongkai.journal.actions import Change, fields_of, record, record_many

Role = Membership.Role


class RowsRefused(Exception):
    """Rows of a table that cannot be taken, as (line, sentence); nothing was written."""

    def __init__(self, faults: Iterable[tuple[int, str]]) -> None:
        self.faults = sorted(faults)
        super().__init__("；".join(f"第 {line} 行：{sentence}" for line, sentence in self.faults))


def fresh_password() -> str:
    """64 random bits in groups that can be read over the telephone."""
    return "-".join(secrets.token_hex(2) for _ in range(4))


def account_faults(username: str, display_name: str) -> list[str]:
    """Why no account can have this user name and this person's name."""
    faults = []
    if not username:
        faults.append("请写用户名")
    else:
        try:
            User._meta.get_field("username").run_validators(username)
        except ValidationError:
            faults.append(f"用户名“{username[:20]}”只能用字母、数字和 @ . + - _，不超过 150 个字")
    limit = User._meta.get_field("display_name").max_length or 0
    if not display_name.strip():
        faults.append("请写姓名")
    elif len(display_name.strip()) > limit:
        faults.append(f"姓名“{display_name[:10]}…”超过 {limit} 个字")
    return faults


@dataclass(frozen=True)
class PersonRow:
    """One post of one person. `agency` is a code or a name, `role` the Chinese name of Membership.Role."""

    line: int
    username: str
    display_name: str
    agency: str
    role: str
    section: str = ""


@dataclass(frozen=True)
class NewAccount:
    username: str
    display_name: str
    agency: str
    password: str


@dataclass
class ImportedPeople:
    accounts: list[NewAccount] = field(default_factory=list)
    posts: int = 0
    """Memberships added, those of new accounts among them."""
    known_posts: int = 0
    new_sections: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Post:
    row: PersonRow
    username: str
    agency: Agency
    role: str
    section: str


class LivingAgencies:
    """Living agencies by code, full name and short name: one query."""

    def __init__(self) -> None:
        self.by_code: dict[str, Agency] = {}
        self.by_name: dict[str, dict[int, Agency]] = defaultdict(dict)
        for agency in Agency.objects.filter(valid_to__isnull=True).select_related("jurisdiction").order_by("code"):
            self.by_code[agency.code] = agency
            for name in {normal(agency.name), normal(agency.short_name)} - {""}:
                self.by_name[name][agency.pk] = agency

    def find(self, text: str) -> Agency | str:
        """The agency, or the sentence why there is none."""
        if not text:
            return "机构是空的，填写机构代码或名称"
        if text in self.by_code:
            return self.by_code[text]
        found = list(self.by_name.get(normal(text), {}).values())
        if len(found) == 1:
            return found[0]
        if found:
            return f"“{text}”可以是{'、'.join(f'{a.name}（{a.code}）' for a in found[:3])}，写代码"
        return f"没有机构“{text}”，先用 gongkai agencies import 导入，或改成名录里的名称"


def _read(rows: Sequence[PersonRow], known: dict[str, User]) -> tuple[list[_Post], list[tuple[int, str]]]:
    """The posts the rows ask for, and what is wrong with them. `known`: the accounts there are, by user name."""
    agencies = LivingAgencies()
    posts: list[_Post] = []
    faults: list[tuple[int, str]] = []
    names: dict[str, tuple[str, int]] = {}
    seen: dict[tuple[str, int, str], int] = {}
    for row in rows:
        username = User.normalize_username(row.username)
        wrong = account_faults(username, row.display_name)
        user = known.get(username)
        if user and not user.is_active:
            wrong.append(f"用户 {username} 已停用，换一个用户名")
        elif user and user.display_name and user.display_name != row.display_name:
            wrong.append(f"用户名 {username} 已是{user.display_name}的，不是{row.display_name}的，换一个用户名或改正姓名")
        first_name, first_line = names.setdefault(username, (row.display_name, row.line))
        if username and first_name != row.display_name:
            wrong.append(f"用户名 {username} 在第 {first_line} 行是{first_name}，一个用户名只能是一个人")
        agency = agencies.find(row.agency)
        if isinstance(agency, str):
            wrong.append(agency)
        role = next((value for value, label in Role.choices if label == row.role), "")
        if not role:
            wrong.append(f"没有“{row.role}”这个角色，写{'、'.join(Role.labels)}之一")
        section = normal(row.section)
        if len(section) > (Section._meta.get_field("name").max_length or 0):
            wrong.append(f"科室“{section[:10]}…”太长，写短些")
        if isinstance(agency, Agency) and role:
            if role == Role.OFFICE and not agency.is_competent:
                wrong.append(f"{agency.name}不是政府信息公开工作主管部门，“政务公开办”改成经办人等角色")
            post = (username, agency.pk, role)
            if post in seen:
                wrong.append(f"与第 {seen[post]} 行重复，删去一行")
            seen.setdefault(post, row.line)
            posts.append(_Post(row, username, agency, role, section))
        faults += [(row.line, fault) for fault in wrong]
    return posts, faults


def import_people(
    rows: Sequence[PersonRow],
    hand_out: Callable[[list[NewAccount]], object],
    dry_run: bool = False,
    unread: Sequence[tuple[int, str]] = (),
) -> ImportedPeople:
    """Creates the accounts that are new and adds the posts that are missing.

    RowsRefused names every bad row, those the caller could not read (`unread`) among them; then nothing is written.

    `hand_out` gets the new accounts with their passwords inside the transaction: when it fails, no account is made whose password is lost.
    It is not called when there are none, nor in a dry run.
    """
    known = User.objects.in_bulk([User.normalize_username(row.username) for row in rows], field_name="username")
    posts, faults = _read(rows, known)
    if faults or unread:
        raise RowsRefused([*unread, *faults])
    fresh: dict[str, NewAccount] = {}
    for post in posts:
        if post.username not in known and post.username not in fresh:
            fresh[post.username] = NewAccount(post.username, post.row.display_name, post.agency.name, fresh_password())
    # Hashing is slow by design; done before the transaction, it keeps nobody waiting for the database.
    hashes = {name: make_password(None if dry_run else account.password) for name, account in fresh.items()}
    result = ImportedPeople(accounts=list(fresh.values()))
    with transaction.atomic():
        made = {
            name: User.objects.create(username=name, display_name=account.display_name, password=hashes[name])
            for name, account in fresh.items()
        }
        places = {post.username: post.agency.jurisdiction_id for post in posts}
        record_many(
            Change("account.opened", user, None, {}, fields_of(user, "username", "display_name"), place=places[name])
            for name, user in made.items()
        )
        users = {**known, **made}
        for post in posts:
            _add_post(post, users[post.username], result)
        if fresh and not dry_run:
            hand_out(result.accounts)
        if dry_run:
            transaction.set_rollback(True)
    return result


def _add_post(post: _Post, user: User, result: ImportedPeople) -> None:
    section = None
    if post.section:
        section, made = Section.objects.get_or_create(agency=post.agency, name=post.section)
        if made:
            result.new_sections.append(f"{post.agency.name} {section.name}")
            note_sections([section])
    membership, added = Membership.objects.get_or_create(user=user, agency=post.agency, role=post.role, defaults={"section": section})
    if added:
        note_post(membership)
    result.posts += added
    result.known_posts += not added
    if section and membership.section_id != section.pk:
        moved = {"section_id": membership.section_id}, {"section_id": section.pk}
        agency = post.agency
        record("post.moved", membership, actor=None, old=moved[0], new=moved[1], agency_id=agency.pk, place=agency.jurisdiction_id)
        membership.section = section
        membership.save(update_fields=["section"])


def note_sections(sections: Sequence[Section]) -> None:
    """New sections are in the journal."""
    record_many(
        Change("section.added", one, None, {}, fields_of(one, "name"), one.agency_id, one.agency.jurisdiction_id) for one in sections
    )


def note_post(post: Membership) -> None:
    """A new post is in the journal, whoever it was given by at the command line."""
    agency = post.agency
    record("post.given", post, actor=None, new=fields_of(post), agency_id=agency.pk, place=agency.jurisdiction_id, note=str(post))


@transaction.atomic
def reset_password(username: str) -> str:
    """A new password for an account in use; whoever is logged in with the old one is logged out. ActionRefused for any other account."""
    user = User.objects.select_for_update().filter(username=User.normalize_username(username)).first()
    if user is None:
        raise ActionRefused(f"没有用户 {username}")
    if not user.is_active:
        raise ActionRefused(f"用户 {username} 已停用")
    password = fresh_password()
    user.set_password(password)
    user.save(update_fields=["password"])
    place = user.memberships.order_by("pk").values_list("agency__jurisdiction_id", flat=True).first()
    record("account.password_reset", user, actor=None, place=place, note=user.username)
    return password

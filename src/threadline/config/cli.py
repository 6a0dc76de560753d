"""The command line. Each command imports what it needs only when it runs, so that `--help` answers at once."""

import json
import os
import sys
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import click

from threadline.lib.errors import ThreadlineError

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


class Commands(click.Group):
    """Shows errors that are meant for people as one sentence, without a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ThreadlineError as error:
            raise click.ClickException(str(error)) from error
        except Exception as error:
            if type(error).__name__ == "OperationalError":
                raise click.ClickException(_database_trouble(error)) from error
            raise


def _database_trouble(error: Exception) -> str:
    first_line = str(error).strip().split("\n")[0]
    return f"The database does not answer: {first_line}. Start it with `threadline up`, or see `threadline doctor`."


def _django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "threadline.config.settings")
    import django

    django.setup()


def _database() -> AbstractContextManager[None]:
    """The database for one command; Django is ready inside."""
    from threadline.config import embedded

    _django()
    return embedded.database(say=_note)


def _note(line: str) -> None:
    click.echo(line, err=True)


def _progress(done: int, total: int) -> None:
    _note(f"{done} of {total} …")


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="threadline")
def main() -> None:
    """Threadline: one customer, one journey, every channel."""


@main.command()
@click.option("--no-sample", is_flag=True, help="Leave an empty database empty.")
@click.option("--reset-sample", is_flag=True, help="Replace everything by a fresh sample company.")
def up(*, no_sample: bool, reset_sample: bool) -> None:
    """Run everything on this machine: database, web, intake and worker. Ctrl-C stops it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "threadline.config.settings")
    from threadline.config.up import up

    up(sample=not no_sample, reset_sample=reset_sample)


@main.command()
def web() -> None:
    """Serve pages, the API, hooks and live updates."""
    _django()
    from threadline.config.web import serve

    serve()


@main.command()
def worker() -> None:
    """Work through the intake ledger and the jobs."""
    _django()
    from threadline.config.worker import run

    run()


@main.command()
def intake() -> None:
    """Fetch mail from mailboxes and listen for SMTP and LMTP."""
    _django()
    from threadline.config.intake import run

    run()


@main.command()
def migrate() -> None:
    """Bring the database up to date."""
    with _database():
        from threadline.config import migrating

        migrating.migrate(say=_note)
        click.echo("The database is up to date.")


@main.command(name="import")
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@click.option("--channel", metavar="ADDRESS", help="Address of ours that mail in an mbox or maildir came to.")
@click.option("--brands", type=FILE, help="CSV with the columns endpoint and brand, for channels that are new.")
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="Write what was not accepted as CSV.")
@click.option("--process/--no-process", default=True, help="Work through the ledger here, or leave it to the worker.")
def import_(*, file: Path, channel: str | None, brands: Path | None, report: Path | None, process: bool) -> None:
    """Import interactions from FILE: JSON Lines, an mbox or a maildir. Can be stopped and repeated at any time."""
    with _database():
        from threadline.config.importing import bring_in

        click.echo(bring_in(file, channel=channel, brands=brands, report=report, work=process))


@main.command()
@click.option("--on", type=click.Choice(["here", "spark"]), default="here", help="This machine, or Spark.")
@click.option("--to", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The Parquet file to write.")
@click.option("--master", default="local[*]", help="Where Spark runs.")
def rebuild(*, on: str, to: Path, master: str) -> None:
    """Resolve and stitch the whole history anew into a file, beside what stands; nothing is changed."""
    with _database():
        from threadline.config.rebuild.run import rebuild

        click.echo(rebuild(on=on, to=to, master=master, say=_note))


@main.command()
def replay() -> None:
    """Rebuild everything behind the intake ledger from the ledger alone."""
    with _database():
        from threadline.journeys.replay import replay

        click.echo(replay(say=_note))


@main.command()
@click.argument("folder", type=FOLDER, metavar="DIR")
@click.option(
    "--test", type=FOLDER, metavar="DIR2", help="Train and tune on DIR, measure on the like-named files here."
)
@click.option("--json", "as_json", is_flag=True, help='Print one object: {"set", "measures", "seconds"}.')
def evaluate(*, folder: Path, test: Path | None, as_json: bool) -> None:
    """Measure Threadline on a labelled set; the folder's name says which kind of set it is."""
    with _database():
        from threadline.config.evaluation import evaluate

        result = evaluate(folder, test=test)
    if as_json:
        click.echo(json.dumps(result))
        return
    for name, value in result["measures"].items():
        click.echo(f"{name}: {value:g}" if isinstance(value, float) else f"{name}: {value}")
    click.echo(f"{result['set']} took {result['seconds']:.1f} s")


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print a list of objects.")
def doctor(*, as_json: bool) -> None:
    """Check database, migrations, channels, disk and clock. The exit code is 1 when something is broken."""
    _django()
    from threadline.config import doctor

    found = doctor.examine()
    click.echo(doctor.as_json(found) if as_json else doctor.as_table(found))
    sys.exit(0 if doctor.is_well(found) else 1)


@main.command("create-agent")
@click.option("--email", prompt=True, help="The agent signs in with it.")
@click.option("--name", prompt=True)
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True)
@click.option("--admin", is_flag=True, help="May change settings and see restricted teams.")
def create_agent(*, email: str, name: str, password: str, admin: bool) -> None:
    """Add somebody who may sign in."""
    with _database():
        from threadline.accounts.actions import create_agent

        agent = create_agent(email=email, name=name, password=password, is_admin=admin)
        click.echo(f"{agent.name} can sign in with {agent.email}.")


@main.command("create-api-key")
@click.argument("name")
def create_api_key(*, name: str) -> None:
    """Make a key for a program that writes to the API. It is shown this once."""
    with _database():
        from threadline.accounts.actions import create_api_key

        _, secret = create_api_key(name=name)
        click.echo(secret)


@main.command()
@click.argument("kind", required=False)
@click.argument("address", required=False)
@click.option("--name", default="", help="What customers read as the sender.")
@click.option("--brand", default="", help="The brand it belongs to; made if there is none of this name.")
@click.option("--set", "given", multiple=True, metavar="KEY=VALUE", help="A setting, such as imap_host=… (repeatable).")
@click.option("--secret", "hidden", multiple=True, metavar="KEY", help="Ask for a secret, such as imap_password.")
@click.option("--off", is_flag=True, help="Switch it off.")
def channel(
    *,
    kind: str | None,
    address: str | None,
    name: str,
    brand: str,
    given: tuple[str, ...],
    hidden: tuple[str, ...],
    off: bool,
) -> None:
    """List the channels, or make or change the one of KIND at ADDRESS."""
    with _database():
        from threadline.channels.actions import set_channel
        from threadline.config import channels

        if kind is None or address is None:
            click.echo(channels.listed())
            return
        secrets = {key: click.prompt(key, hide_input=True) for key in hidden}
        kept = set_channel(
            kind=kind,
            address=address,
            name=name,
            brand=brand,
            settings=channels.settings_in(given),
            secrets=secrets,
            active=not off,
        )
        click.echo(f"{kept} is {'on' if kept.active else 'off'}. `threadline doctor` tries to reach it.")


@main.command("new-channel")
@click.argument("kind")
@click.option("--provider", default="", help="Who carries it, where several do: twilio, meta.")
@click.option("--label", default="", help="What people call it. Usually the kind, with a capital.")
def new_channel(*, kind: str, provider: str, label: str) -> None:
    """Write the skeleton of a channel adapter: the adapter, a stand-in for its provider, a test."""
    from threadline.config.new_channel import write

    for place in write(kind, provider=provider, label=label):
        click.echo(place)
    click.echo("They pass the contract as they are. Go on with docs/how-to/add-a-channel.md.")


@main.group()
def train() -> None:
    """Learn from what this installation knows. Every model is kept, so that an earlier one can come back."""


@train.command("identity")
@click.option("--back", is_flag=True, help="Withdraw the weights in use; those before are in use again.")
@click.option("--shipped", is_flag=True, help="Write the weights that come with Threadline anew. For developers.")
def train_identity(*, back: bool, shipped: bool) -> None:
    """Learn how much names, addresses and numbers say of who is who, from the customers here."""
    with _database():
        from django.utils import timezone

        from threadline.config.bars import bar
        from threadline.config.training import identity
        from threadline.customers.learned import go_back

        if back:
            click.echo(f"{go_back(now=timezone.now())} is in use.")
            return
        with bar("identity") as progress:
            if shipped:
                click.echo(f"Written: {identity.ship(100_000, progress)}")
            else:
                click.echo("\n".join(identity.told(identity.learn(now=timezone.now(), progress=progress))))


@train.command("intents")
@click.option("--back", is_flag=True, help="Withdraw the version in use; the one before is in use again.")
@click.option("--shipped", is_flag=True, help="Write the model that comes with Threadline anew. For developers.")
def train_intents(*, back: bool, shipped: bool) -> None:
    """Learn what customers want, from the tree's examples and what agents corrected; report on each intent."""
    with _database():
        from django.utils import timezone

        from threadline.config.training import intents
        from threadline.interactions.intents import go_back

        if back:
            click.echo(f"{go_back(now=timezone.now())} is in use.")
        elif shipped:
            click.echo(f"Written: {intents.ship(_progress)}")
        else:
            click.echo("\n".join(intents.told(intents.learn(now=timezone.now(), progress=_progress))))


@train.command("stitching")
@click.option("--back", is_flag=True, help="Withdraw the weights in use; those before are in use again.")
def train_stitching(*, back: bool) -> None:
    """Learn what belongs to which story, from what agents accepted and corrected."""
    with _database():
        from django.utils import timezone

        from threadline.config.training import stitching
        from threadline.journeys.weights import go_back

        if back:
            click.echo(f"{go_back(now=timezone.now())} is in use.")
            return
        click.echo("\n".join(stitching.told(stitching.learn(now=timezone.now(), progress=_progress))))


@main.group()
def sample() -> None:
    """The sample company: an invented retailer with a year of history."""


@sample.command("load")
def sample_load() -> None:
    """Load it into an empty database."""
    with _database():
        from threadline.config import sample_company

        click.echo(f"{sample_company.load(_progress)} touches are here.")


@sample.command("reset")
@click.confirmation_option(prompt="This removes everything in the database and loads the sample company anew. Go on?")
def sample_reset() -> None:
    """Remove everything and load it anew."""
    with _database():
        from threadline.config import sample_company

        click.echo(f"{sample_company.reset(_progress)} touches are here.")


if __name__ == "__main__":
    main()

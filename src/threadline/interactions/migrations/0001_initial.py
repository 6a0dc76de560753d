import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("accounts", "__first__"),
        ("channels", "0001_initial"),
        ("customers", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ImportRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("path", models.TextField()),
                ("offset", models.BigIntegerField(default=0)),
                ("accepted", models.BigIntegerField(default=0)),
                ("refused", models.BigIntegerField(default=0)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("started_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name="LearnedShape",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=24)),
                ("pattern", models.CharField(max_length=255, unique=True)),
                ("seen", models.IntegerField(help_text="in how many numbers")),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Product",
            fields=[
                ("name", models.CharField(max_length=120, primary_key=True, serialize=False)),
            ],
        ),
        migrations.CreateModel(
            name="IntentTree",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.CharField(max_length=80, unique=True)),
                ("at", models.DateTimeField()),
                ("note", models.CharField(blank=True, max_length=240)),
                ("encoder", models.CharField(max_length=120)),
                (
                    "learned",
                    models.BinaryField(help_text="as core.understanding.intents.IntentModel writes itself", null=True),
                ),
                ("report", models.JSONField(blank=True, default=dict)),
                ("changes", models.JSONField(blank=True, default=list)),
                ("used_at", models.DateTimeField(blank=True, help_text="put to use; empty for a draft", null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "drafted_from",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="interactions.intenttree",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("used_at", None), ("learned__isnull", False), _connector="OR"),
                        name="only_what_was_learned_is_in_use",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("used_at", None), ("withdrawn_at", None)),
                        fields=("used_at",),
                        name="one_draft_of_intents",
                        nulls_distinct=False,
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Intent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(blank=True, max_length=120)),
                ("parent", models.CharField(blank=True, help_text="its group", max_length=120)),
                (
                    "examples",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), blank=True, default=list, size=None
                    ),
                ),
                (
                    "tree",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="intents",
                        to="interactions.intenttree",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("tree", "name"), name="one_intent_per_name"),
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("name", ""), _negated=True), ("parent", ""), _connector="OR"),
                        name="outside_has_no_group",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=200)),
                ("digest", models.CharField(max_length=64)),
                ("answer", models.JSONField()),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "api_key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="receipts", to="accounts.apikey"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("api_key", "key"), name="one_receipt_per_key")],
            },
        ),
        migrations.CreateModel(
            name="Thread",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=512)),
                ("reply_address", models.CharField(blank=True, max_length=320)),
                ("subject", models.TextField(blank=True)),
                (
                    "participants",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=320), blank=True, default=list, size=None
                    ),
                ),
                ("started_at", models.DateTimeField()),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="threads", to="channels.channel"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("channel", "key"), name="one_thread_per_key")],
            },
        ),
        migrations.CreateModel(
            name="Interaction",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("email", "Email"),
                            ("chat", "Chat"),
                            ("phone", "Phone"),
                            ("sms", "Text message"),
                            ("whatsapp", "WhatsApp"),
                            ("x", "X"),
                            ("facebook", "Facebook"),
                            ("review", "Review"),
                            ("community", "Community"),
                            ("store", "Store"),
                            ("web", "Web"),
                            ("purchase", "Purchase"),
                            ("app", "App"),
                            ("survey", "Survey"),
                            ("signal", "Signal"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "direction",
                    models.CharField(choices=[("in", "In"), ("out", "Out"), ("event", "Event")], max_length=5),
                ),
                ("public", models.BooleanField(default=False)),
                ("at", models.DateTimeField()),
                ("received_at", models.DateTimeField()),
                ("name", models.CharField(blank=True, max_length=255)),
                ("subject", models.TextField(blank=True)),
                ("text", models.TextField(blank=True)),
                ("quoted", models.TextField(blank=True)),
                ("signature", models.TextField(blank=True)),
                ("html", models.TextField(blank=True)),
                ("automatic", models.TextField(blank=True)),
                ("language", models.CharField(blank=True, max_length=8)),
                (
                    "triage",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "None"),
                            ("question", "Question"),
                            ("complaint", "Complaint"),
                            ("praise", "Praise"),
                            ("noise", "Noise"),
                        ],
                        max_length=10,
                    ),
                ),
                ("attributes", models.JSONField(blank=True, default=dict)),
                ("device", models.JSONField(blank=True, default=dict)),
                ("once_key", models.CharField(max_length=640, unique=True)),
                ("external_id", models.CharField(max_length=512)),
                (
                    "search",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.contrib.postgres.search.SearchVector(
                            "subject", django.db.models.functions.text.Left("text", 100000), config="simple"
                        ),
                        output_field=django.contrib.postgres.search.SearchVectorField(),
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="interactions", to="channels.channel"
                    ),
                ),
                (
                    "identity",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="interactions",
                        to="customers.identity",
                    ),
                ),
                (
                    "recognised",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.decision"
                    ),
                ),
                (
                    "understood",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.decision",
                    ),
                ),
                (
                    "thread",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="interactions",
                        to="interactions.thread",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["identity", "at"], name="touch_of_identity"),
                    models.Index(fields=["thread", "at"], name="touch_of_thread"),
                    models.Index(fields=["external_id", "kind"], name="touch_external"),
                    django.contrib.postgres.indexes.GinIndex(fields=["search"], name="touch_search"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("direction__in", ["in", "out", "event"])), name="touch_direction_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "email",
                                    "chat",
                                    "phone",
                                    "sms",
                                    "whatsapp",
                                    "x",
                                    "facebook",
                                    "review",
                                    "community",
                                    "store",
                                    "web",
                                    "purchase",
                                    "app",
                                    "survey",
                                    "signal",
                                ],
                            )
                        ),
                        name="touch_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("author", None), ("direction__in", ["out", "in"]), _connector="OR"),
                        name="touch_author_speaks",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Upload",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=255)),
                ("content_type", models.CharField(max_length=120)),
                ("size", models.BigIntegerField()),
                ("data", models.BinaryField()),
                ("at", models.DateTimeField()),
                ("sent", models.BooleanField(default=False)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(condition=models.Q(("sent", False)), fields=["at"], name="upload_never_sent")],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "interaction",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="delivery",
                        serialize=False,
                        to="interactions.interaction",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("held", "Held"),
                            ("queued", "Queued"),
                            ("sent", "Sent"),
                            ("delivered", "Delivered"),
                            ("failed", "Failed"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("provider_id", models.CharField(blank=True, max_length=512)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "verbose_name_plural": "deliveries",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["held", "queued"])), fields=["due_at"], name="delivery_due"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "failed"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="delivery_failure_has_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["held", "queued", "sent", "delivered", "failed", "withdrawn"])
                        ),
                        name="delivery_state_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=255)),
                ("content_type", models.CharField(max_length=120)),
                ("size", models.BigIntegerField()),
                ("part", models.IntegerField()),
                ("content_id", models.CharField(blank=True, max_length=255)),
                ("inline", models.BooleanField(default=False)),
                (
                    "interaction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="interactions.interaction",
                    ),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.search.SearchVector(
                            models.Func(
                                models.F("name"), models.Value("._-"), models.Value("   "), function="translate"
                            ),
                            config="simple",
                        ),
                        name="attachment_search",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("interaction", "part"), name="one_attachment_per_part")
                ],
            },
        ),
        migrations.CreateModel(
            name="Fact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=24)),
                ("value", models.TextField()),
                ("key", models.CharField(max_length=255)),
                ("start", models.IntegerField(blank=True, null=True)),
                ("end", models.IntegerField(blank=True, null=True)),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.decision"
                    ),
                ),
                (
                    "interaction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="facts", to="interactions.interaction"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["name", "key"], name="fact_lookup")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("key", ""), _negated=True), name="fact_not_empty")
                ],
            },
        ),
        migrations.CreateModel(
            name="IntakeEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(max_length=12)),
                ("external_id", models.CharField(blank=True, max_length=512)),
                ("payload", models.JSONField(blank=True, null=True)),
                ("raw", models.BinaryField(blank=True, null=True)),
                ("headers", models.JSONField(blank=True, default=dict)),
                ("received_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("pending", "Pending"),
                            ("accepted", "Accepted"),
                            ("duplicate", "Duplicate"),
                            ("refused", "Refused"),
                            ("quarantined", "Quarantined"),
                        ],
                        db_default="pending",
                        default="pending",
                        max_length=12,
                    ),
                ),
                ("reason", models.TextField(blank=True, db_default="", default="")),
                ("processed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "channel",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="channels.channel",
                    ),
                ),
                (
                    "duplicate_of",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duplicates",
                        to="interactions.intakeentry",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("verdict", "pending")), fields=["id"], name="entry_pending"),
                    models.Index(
                        condition=models.Q(("verdict__in", ["refused", "quarantined"])),
                        fields=["verdict", "-id"],
                        name="entry_trouble",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("payload__isnull", False), ("raw", None)),
                            models.Q(("payload__isnull", True), ("raw__isnull", False)),
                            _connector="OR",
                        ),
                        name="entry_holds_one_item",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("verdict__in", ["refused", "quarantined"]), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="entry_refusal_has_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("duplicate_of__isnull", False), ("verdict", "duplicate")),
                            models.Q(models.Q(("verdict", "duplicate"), _negated=True), ("duplicate_of", None)),
                            _connector="OR",
                        ),
                        name="entry_duplicate_names_the_first",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("duplicate_of", None), ("duplicate_of__lt", models.F("id")), _connector="OR"
                        ),
                        name="entry_duplicate_is_later",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("verdict__in", ["pending", "accepted", "duplicate", "refused", "quarantined"])
                        ),
                        name="entry_verdict_known",
                    ),
                ],
            },
        ),
    ]

"""What a person newly wrote, and the zones of a mail text."""

import pytest

from threadline.core.mail import label_lines, label_lines_2, newly_written, split

NEW = "Please cancel order 4711."
ATTRIBUTIONS = [
    "On Tue, 3 May 2024 at 10:15, Bo Shop <bo@example.com> wrote:",
    "On Fri, May 3, 2024 at 10:15 AM Bo of the Long Named Department\n<bo.department@example.com> wrote:",
    "Am 03.05.2024 um 10:15 schrieb Bo Shop <bo@example.com>:",
    "Bo Shop <bo@example.com> schrieb am Fr., 3. Mai 2024, 10:15:",
    "Le ven. 3 mai 2024 à 10:15, Bo Shop <bo@example.com> a écrit :",
    "El vie, 3 may 2024 a las 10:15, Bo Shop (<bo@example.com>) escribió:",
    "Il giorno ven 3 mag 2024 alle ore 10:15 Bo Shop <bo@example.com> ha scritto:",
    "Op vr 3 mei 2024 om 10:15 schreef Bo Shop <bo@example.com>:",
    "Em sex., 3 de mai. de 2024 às 10:15, Bo Shop <bo@example.com> escreveu:",
    "Den fre 3 maj 2024 kl 10:15 skrev Bo Shop <bo@example.com>:",
    "pt., 3 maj 2024 o 10:15 Bo Shop <bo@example.com> napisał(a):",
    "3 мая 2024 г., в 10:15, Bo Shop <bo@example.com> написал(а):",
    "пт, 3 трав. 2024 р. о 10:15 Bo Shop <bo@example.com> пише:",
    "Bo Shop <bo@example.com> 于2024年5月3日周五 10:15写道：",
    "2024年5月3日(金) 10:15 Bo Shop <bo@example.com>:",
    "2024년 5월 3일 (금) 오전 10:15, Bo Shop <bo@example.com>님이 작성:",
    "pe 3. toukok. 2024 klo 10.15 Bo Shop (bo@example.com) kirjoitti:",
    "pá 3. 5. 2024 v 10:15 odesílatel Bo Shop <bo@example.com> napsal:",
    "Vào Th 6, 3 thg 5, 2024 vào lúc 10:15 Bo Shop <bo@example.com> đã viết:",
    "2024-05-03 10:15 GMT+02:00 Bo Shop <bo@example.com>:",
    "-----Original Message-----\nFrom: Bo Shop\nSent: Friday, 3 May 2024\nTo: Ana\nSubject: Order",
    "-----Ursprüngliche Nachricht-----\nVon: Bo\nGesendet: Freitag, 3. Mai 2024\nAn: Ana\nBetreff: Bestellung",
    "De : Bo Shop <bo@example.com>\nEnvoyé : vendredi 3 mai 2024 10:15\nÀ : Ana\nObjet : Commande",
    "Från: Bo Shop\nSkickat: den 3 maj 2024 10:15\nTill: Ana\nÄmne: Order",
    "От: Bo Shop\nОтправлено: 3 мая 2024 г.\nКому: Ana\nТема: Заказ",
    "发件人: Bo Shop\n发送时间: 2024年5月3日\n收件人: Ana\n主题: 订单",
    "差出人: Bo Shop\n送信日時: 2024年5月3日\n宛先: Ana\n件名: 注文",
    "________________________________\nFrom: Bo <bo@example.com>\nSent: 3 May 2024\nTo: Ana\nSubject: Order",
    "Begin forwarded message:\n\nFrom: Bo Shop <bo@example.com>\nSubject: Order\nDate: 3 May 2024\nTo: Ana",
]


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
@pytest.mark.parametrize("mark", ["", "> "])
def test_only_the_new_words_remain_above_a_quoted_mail_in_any_language(attribution: str, mark: str):
    text = f"{NEW}\n\n{attribution}\n\n{mark}Dear Ana,\n{mark}here is your order.\n"

    assert newly_written(text) == NEW
    assert split(text).new == NEW
    assert len(split(text).quoted) == 1
    assert split(text).quoted[0].endswith("here is your order.")


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("Yes please.\n\nSent from my iPhone", "Yes please."),
        ("Ja, bitte.\n\nVon meinem iPhone gesendet", "Ja, bitte."),
        ("Oui.\n\nEnvoyé de mon iPhone", "Oui."),
        ("Yes.\n\n-- \nAna Example\n+44 7700 900123", "Yes."),
        ("On 3 May 2024, Bo <bo@example.com> wrote:\n> Which size?\n\nThe large one.", "The large one."),
        ("First point.\n\n> old\n\nSecond point.", "First point.\n\n> old\n\nSecond point."),
        ("Two kettles:\n----\nred\nblue", "Two kettles:\n----\nred\nblue"),
        ("On Monday I wrote to you twice.\nNobody answered.", "On Monday I wrote to you twice.\nNobody answered."),
        ("", ""),
    ],
)
def test_notes_and_signatures_go_and_answers_stay(text: str, new: str):
    assert newly_written(text) == new


def test_a_mail_is_taken_apart_into_greeting_closing_signature_and_quotes():
    text = (
        "Dear Bo,\n\nthe kettle leaks.\n\nBest regards,\nAna Example\nHead of Tea, Example Corp\n+44 7700 900123\n\n"
        "On 3 May 2024, Bo <bo@example.com> wrote:\n> How is it?\n"
    )

    zones = split(text)

    assert zones.new == "Dear Bo,\n\nthe kettle leaks.\n\nBest regards,\nAna Example"
    assert (zones.greeting, zones.closing) == ("Dear Bo,", "Best regards,\nAna Example")
    assert zones.signature == "Head of Tea, Example Corp\n+44 7700 900123"
    assert zones.quoted == ("On 3 May 2024, Bo <bo@example.com> wrote:\nHow is it?",)


@pytest.mark.parametrize(
    ("greeting", "closing"),
    [
        ("Hi Bo,", "Thanks,"),
        ("Sehr geehrte Damen und Herren,", "Mit freundlichen Grüßen"),
        ("Bonjour,", "Cordialement,"),
        ("Hola Bo:", "Un saludo,"),
        ("Buongiorno,", "Cordiali saluti"),
        ("Beste Bo,", "Met vriendelijke groet,"),
        ("Olá Bo,", "Atenciosamente,"),
        ("Hej Bo!", "Med vänliga hälsningar"),
        ("Dzień dobry,", "Pozdrawiam"),
        ("Здравствуйте!", "С уважением,"),
        ("您好，", "谢谢"),
        ("こんにちは、", "よろしくお願いします"),
    ],
)
def test_greetings_and_closings_are_known_in_many_languages(greeting: str, closing: str):
    text = f"{greeting}\n\nkettle 4711 leaks badly since Monday\n\n{closing}\nAna"

    assert label_lines(text) == ["intro", "body", "body", "body", "outro", "outro"]


def test_quoted_mails_have_zones_of_their_own_and_two_zones_are_enough_for_some():
    text = "ok\n\nOn 3 May 2024, Bo <bo@example.com> wrote:\n> Hi Ana,\n> it is sent.\n> Cheers,\n> Bo"

    assert label_lines(text) == ["body", "body", "header", "intro", "body", "outro", "outro"]
    assert label_lines_2(text) == ["body", "body", "header", "body", "body", "body", "body"]

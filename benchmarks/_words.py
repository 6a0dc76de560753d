"""What people write in the benchmarks: about sixty kinds of text, with places for what differs. All invented."""

# ruff: noqa: E501, SIM905 (a text is a line)

OPENINGS = (
    "Hello, the {product} I bought from you in {town} has stopped working after a week. My order number is {order}. Could you tell me what to do next?",
    "Good morning, my order {order} should have arrived on {day} and I have heard nothing since. Where is it?",
    "I was charged twice for {order}: £{amount} on {day} and the same again the next morning. Please give me one of them back.",
    "The {product} leaks from the bottom. I have tried everything in the manual, descaled it, let it dry for two days, and it still leaves a puddle on the worktop. This is really disappointing for something that cost £{amount}.",
    "Can I change the delivery address for {order}? I move to {town} on {day} and would like it to go to the new flat.",
    "Do you still sell the lid of the {product} as a spare part?",
    "I would like to return the {product}. It is unopened, I have the receipt, and I bought it less than two weeks ago.",
    "Your parcel was left in the rain and the box is soaked. Order {order}. The {product} inside does not switch on.",
    "I can not sign in any more. The reset mail never arrives, and yes, I looked in the spam folder.",
    "Is the {product} suitable for an induction hob? Your page says one thing and the box another.",
    "The wrong colour came: I ordered the blue {product} and got the green one. Reference {order}.",
    "How long is the guarantee on a {product}? Mine is from last year and the handle came off on {day}.",
    "Please cancel {order}, I ordered it by mistake last night.",
    "The invoice for {order} shows our old company name. We need a corrected one for our bookkeeping before {day}.",
    "A part is missing in the box: no screws, no instructions, just the {product}. How am I supposed to put it up?",
    "I have been waiting on the phone for forty minutes and then the line went dead. Nobody called back about my {product}.",
    "My loyalty points from the {town} store never showed up. It was a purchase of £{amount}.",
    "The gift voucher says it is not valid, although it should run until {day} next year.",
    "Your courier marked {order} as delivered at 14:20. I was at home the whole day and nobody rang.",
    "Could you tell me whether the {product} will be back in stock before {day}? I need it for a birthday.",
    "There is a burning smell when I use the {product}. Is it safe to go on using it? I have small children.",
    "I would like to know which personal data you hold about me, and to have my old address in {town} removed.",
    "The discount code from your newsletter does not work with the {product}, it says the basket is not eligible.",
    "We ordered twelve {product}s for our café and only nine arrived. Order {order}, the driver said he knew of nothing.",
    "Guten Tag, meine Bestellung {order} ist seit {day} unterwegs und noch nicht angekommen. Können Sie bitte nachsehen?",
    "Bonjour, le {product} que j'ai acheté à {town} ne fonctionne plus. Que dois-je faire pour la garantie ?",
    "Hola, quiero devolver el {product} de mi pedido {order}. ¿Cómo lo hago?",
    "Hallo, de {product} die ik op {day} kreeg is kapot. Kan ik mijn geld terugkrijgen?",
    "@shop my {product} broke after three days, is this a joke? #fail",
    "two stars. The {product} looks lovely but the hinge is made of paper. Support in {town} was kind, that is the second star.",
)
FOLLOW_UPS = (
    "Still no answer about my {product}. It is {day} now!",
    "Here is what you asked for: order {order}, bought in {town}, and my number is {phone}.",
    "I sent the photos yesterday. Did they arrive? It is about the {product}.",
    "As I told your colleague on the phone, I do not want a new {product}, I want my money back for {order}.",
    "The replacement came on {day} and it has the same fault.",
    "Could somebody please call me back on {phone}? I wrote about {order} twice.",
    "The courier says you have to open the claim for {order}, not I.",
    "I tried what you said with the {product} and nothing changed.",
    "Any news about {order}?",
    "You promised an answer by {day}. What is going on with my {product}?",
    "Caller asks again about {order}, sounds upset, wants a call back before {day}.",
    "Caller reads the serial number of the {product}; noted. Wants to know if it can be repaired in {town}.",
    "One more thing: please send the new {product} to my work address in {town}.",
)
THANKS = (
    "Thank you so much, the new {product} works perfectly!",
    "Great service in {town}, Sara was wonderful. Thanks!",
    "That solved it, thanks a lot.",
    "Love my new {product} ❤",
    "Five stars, arrived on {day}, well packed.",
)
NOISE = (
    "asdf",
    "Hi",
    "Grow your business with our SEO offer!!! Only until {day}",
    "👍",
    "Out of office until {day}. I read your mail when I am back in {town}.",
)
ANSWERS = (
    "Dear {name},\n\nI am sorry about the {product}. A new one leaves our warehouse today, you need not send the old one back.\n\nKind regards\nSara, Harbour & Pine",
    "Hello {name}, we have found {order}: it waits at the depot in {town} and comes on {day}.",
    "Hi {name}, could you send us a photo of the {product} and the receipt?",
    "The amount of £{amount} goes back to your card; it takes until {day} to show.",
    "Thanks for telling us, {name}. We have corrected it.",
    "Agent explained the guarantee and offered a repair in {town}. Customer agrees.",
    "We are looking into {order} and will write by {day} at the latest.",
)
PRODUCTS = (
    "kettle,toaster,desk lamp,frying pan,coffee grinder,bread knife,garden chair,wool blanket,wall clock,teapot,"
    "hand mixer,bath mat,bookshelf,door mat,candle holder,espresso pot,salad bowl,picnic basket,step stool,mirror"
).split(",")
TOWNS = "Brighton,Leeds,Cardiff,York,Bristol,Dundee,Ghent,Utrecht,Bremen,Lille,Porto,Girona".split(",")
DAYS = "Monday,Tuesday,Wednesday,Thursday,Friday,Saturday,Sunday".split(",")
FIRST = (
    "Ana,Ben,Carla,David,Elif,Femke,George,Hanna,Ivan,Julia,Karim,Lena,Marta,Nils,Olga,Pablo,Quinn,Rosa,Sven,Tara,"
    "Umut,Vera,Wim,Xenia,Yusuf,Zoe,Aisha,Bram,Chloe,Diego,Emma,Fatima,Goran,Hugo,Ines,Jonas,Kofi,Lucia,Mina,Noah"
).split(",")
LAST = (
    "Karlsson,Okafor,Jansen,Moreau,Silva,Novak,Fischer,Haddad,Byrne,Kowalski,Lindgren,Marino,Nguyen,Osei,Petrov,Quist,"
    "Ramirez,Sato,Thorne,Ueda,Vermeulen,Whitby,Yilmaz,Zeller,Ashdown,Brandt,Castell,Drummond,Eriksen,Farrow"
).split(",")

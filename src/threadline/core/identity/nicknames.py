"""Short and familiar forms of given names: each line is one name. Common knowledge, kept small."""

LINES = """
abigail abby abbie gail|adele addy|agnes aggie nessa|albert al bert bertie
alexander alex sandy alec lex xander sasha aleksandr alexandr alejandro|alexandra alex sandra lexi sasha
alfred alf fred alfie|alice ali|alison ali allie|amanda mandy|andrew andy drew andre andreas andrés|angela angie
ann anne anna annie nan nancy|anthony tony anton antonio|antonia toni|arthur art artie|barbara barb babs barbie
beatrice bea trixie|benjamin ben benny|bernard bernie|bradley brad|bridget bridie biddy|caroline carol carrie lina
catherine kate katie cathy kathy kit katherine kathleen kitty cate kat katharina käthe
charles charlie chuck chas karl carlos|charlotte lottie charlie|christine chris christina tina chrissie kristin
christopher chris kit topher kris christoph|clinton clint|colin col|cornelius con neil|cynthia cindy
daniel dan danny|david dave davy|deborah deb debbie debra|dennis den denny|derek del|diana di|domenico mimmo
donald don donnie|dorothy dot dottie dolly|douglas doug|edward ed eddie ned ted teddy eduardo
eleanor ellie nell nora elle|eleonora nora
elizabeth liz lizzie beth betty eliza lisa libby elsie bess elisabeth liesl betsy|emily em emmie millie|emma em
ernest ernie|ethan eth|eugene gene|evelyn evie eve|florence flo florrie|frances fran francie|francesca fran franca
francis frank fran francisco paco frankie|franz franzl|frederick fred freddie fritz friedrich|gabriel gabe
gabrielle gabby|geoffrey geoff jeff jeffrey|george georgie jorge georg|gerald gerry jerry|gerard gerry
gillian gill jill|gregory greg|guillermo memo|harold harry hal|harriet hattie|harrison harry|helen nell ellen lena
henry harry hank hal heinrich henri|herbert bert|hugh hughie|ian iain|ignacio nacho
isabella bella izzy isabel isabelle belle|isaac ike zac|jacob jake jack jakob|jacqueline jackie
james jim jimmy jamie jaime|jane janie jenny|janet jan|jasmine jas|jennifer jen jenny jenna|jeremiah jerry jem
jeremy jez jerry|jessica jess jessie|joan joanie|joanna jo joanne|john jack johnny jon sean juan hans
jonathan jon jonny|joseph joe joey josé pepe josef|josephine jo josie|joshua josh|judith judy jude|julia jules julie
julian jules|katrina kat trina|kenneth ken kenny|kimberley kim kimberly|laura laurie
lawrence larry lars laurie lorenz|leonard len lenny leo|leslie les|lillian lily lil|linda lynn lindy
louis lou lewis louie luis ludwig|louise lou|lucy lucia lu|madeleine maddie|malcolm mal
margaret maggie meg peggy madge marge rita greta peg daisy|maria mary mia marie molly may polly|marilyn lyn
martha marty|martin marty martyn|matilda tilly|matthew matt matty matthias|maureen mo|maurice mo|maximilian max
melanie mel|melissa mel lissa|michael mike mick micky mickey michel miguel michele mikael|michelle shelly
mildred millie|mohammed mo mohammad muhammad mohamed|montgomery monty|nathaniel nat nate nathan|natalie nat
nicholas nick nicky nico nicolas klaus|nicole nicky|norman norm|oliver ollie olly|olivia liv livvy|oscar ozzy
pamela pam|patricia pat patty tricia trish|patrick pat paddy|paula polly|penelope penny|percival percy
peter pete pedro piotr|philip phil pip phillip felipe|philippa pippa|phyllis phyl|prudence pru|rachel rach
raymond ray|rebecca becky becca|reginald reg reggie|richard dick rick ricky rich richie ricardo
robert bob bobby rob robbie bert roberto|roberta bobbie|roderick rod|rodney rod|roger rog|roland rollo
ronald ron ronnie|rosemary rose rosie|roxanne roxy|russell russ|salvatore toto|samantha sam|samuel sam sammy
sarah sally sara sadie|sebastian seb bastian|sharon shaz|sidney sid|simon si|sophie soph sophia|stanley stan
stella ella|stephanie steph|stephen steve stevie steven stefan esteban|stuart stu stewart
susan sue susie suzy susanna suzanne|sylvester sly|teresa terry tess tessa theresa|terence terry
theodore ted teddy theo|thomas tom tommy tomas|timothy tim|tobias toby|ursula uschi|valerie val|vanessa nessa
veronica ronnie vera|victor vic|victoria vicky tori|vincent vince vinnie vicente|violet vi|virginia ginny|vivian viv
walter wally walt|wilfred wilf|wilhelmina mina willa|william will bill billy willy liam wilhelm guillaume willem
winifred winnie|yvonne vonnie|zachary zach zack
aisling ashling aislinn|alan allan allen alun|brian bryan|caitlin katelyn kaitlyn caitlyn|clare claire clara
catherine kathryn cathryn katharine kathrine catharine ekaterina yekaterina katya|eoin owen eoghan|ian iain
kirsten kristen kirstin|neil neal niall|niamh neve|orla orlagh orlaith|sean shaun shawn shane|siobhan shivaun
alexei alexey aleksei aleksey|dmitri dmitry dimitri|mikhail michael misha|natalia natalya natalie natasha
sergei sergey|tatiana tatyana tanya|yulia julia iulia|yuri yury iurii|xiao hsiao|zhang chang|wang wong|li lee
"""

SAME_NAME: dict[str, frozenset[str]] = {}
for line in LINES.replace("\n", "|").split("|"):
    forms = frozenset(line.split())
    for form in forms:
        SAME_NAME[form] = SAME_NAME.get(form, frozenset()) | forms

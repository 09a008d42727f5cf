"""The words by which a question is understood: kinds of answer, tasks, follow-ups.

Patterns only, in both languages; `understand.py` and `follow_ups.py` say what they mean together.
"""

from __future__ import annotations

import re

from assistant.questions import Task, Wants

# The first that is found counts.
WANTS: tuple[tuple[Wants, re.Pattern[str]], ...] = (
    (
        "phone",
        re.compile(
            r"(?:电话|手机号|热线|联系方式|座机)(?:号码?)?(?:是|为)?(?:多少|什么|几号|哪个|有没有|呢|吗|\W*$)|(?:打|拨)(?:什么|哪个|多少)(?:电话|号码)|什么(?:电话|联系方式)|"
            r"\b(?:phone|telephone|hotline|contact) (?:numbers?|details)\b|\b(?:a|which|what|any) (?:hotline|helpline|phone number)\b|\b(?:what|which) number (?:can|do|should|must) I (?:call|ring|dial)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "person",
        re.compile(
            r"哪(?:一)?位|(?:负责人|联系人|领导|部长|主任|书记|[省市州厅局处]长|发言人|作者|记者)(?:的?(?:姓名|名字)|(?:都)?(?:是|为|叫)(?:谁|哪|什么)|叫啥|有谁)|(?<![系台目划动度园区地厂司策会])叫什么名字|姓名|"
            r"谁(?:是|担任|任|说(?!得)|讲|表示|指出|强调|介绍|写)|谁(?:的|来)(?:原)?话|"
            r"\bwho(?:m| is| was|['’]s| are| were)? (?:the |its |their )?(?:\w+ ){0,2}?(?:heads?|leaders?|director|minister|secretary|governor|mayor|reporter|author|spokes\w+|official|person|contact)\b(?! (?:departments?|bod(?:y|ies)|agenc))|"
            r"\bwho (?:\w+ly )?(?:said|says|stressed|explained|wrote|told|called|spoke|described)\b|\bwhose (?:words|saying|statement)\b|\bby whom was .{1,60}\b(?:said|explained|written)\b|"
            r"\b(?:person|official|leader|director|speaker|spokes\w+|reporter|author)['’]s (?:full )?name\b|\bwhat (?:is|was) (?:his|her) (?:full )?name\b|"
            r"\bwhich (?:\w+ ){0,2}(?:person|official|leader|minister|secretary|director|spokes\w+|governor)\b|\b(?:name|post|title) of the (?:\w+ ){0,3}(?:official|person|leader|head|director|reporter|secretary)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "who",
        re.compile(
            r"^\W*(?:(?:and|so|but|then)\W+)?(?:who|whom)\b|(?:费用?|钱|成本|开支)由?(?:谁|哪(?:个|家|方))",
            re.IGNORECASE,
        ),
    ),
    (
        "amount",
        re.compile(
            r"多少(?:钱|元|万元|补贴|资金|补助|经费|预算|拨款)|(?:补贴|补助|奖励|资助|资金|经费|拨款|金额|标准|费|费用)(?:是|有|要)?多少|几(?:万|千|百)?(?:元|块)|"
            r"费用|收费|手续费|价格|(?:年薪|月薪|工资|薪水|薪酬|租金).{0,6}(?:多少|几|标准)|(?:多少|几).{0,4}(?:工资|薪|租金)|"
            r"(?:多少[万亿]|几十万|几个?亿)(?![人名户家农亩个])|多少[一-鿿]{0,4}费(?!用人)|贷多少|补几|发多少钱|"
            r"(?:收入|营收|营业额|产值|利润|总额|交易额|贸易额|预算|投资额?|融资额?)(?:大概|大约)?(?:是|有|达|达到|为)?(?:多少|几)|"
            r"\b(?:fees?|costs?|price|in yuan|how many yuan|loans?)\b|"
            r"\b(?:what(?! (?:drives|determines|decides))|how (?:much|high|large|big))\b.{0,25}\b(?:salar(?:y|ies)|wages?|pay|rent)\b(?! (?:structure|system|reform|scheme|model)|.{0,30}\b(?:based|built|modelled)\b)|\bearn a\b|"
            r"\bwhat (?:did|does|do|will) (?!they\b).{1,60} (?:come to|amount to|add up to|total)\b|"
            r"\b(?:what (?:is|was|were|are|will be)|how (?:high|large|big))\b.{0,40}\b(?:revenues?|turnover|budget|profits?|output value|total value)\b|"
            r"\bhow much\b(?! (?:\w+ ){0,2}(?:training|work|progress|detail)\b| (?:does|do|did) [\w ]{1,30}(?:tell|say|know|reveal))|\bwhat (?:amount|sum)\b|\b(?:amount|size) of (?:the )?(?:subsidy|grant|allowance|bonus)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "deadline",
        re.compile(
            r"截止|截至(?:哪|什么|何)|最迟|最晚|(?:什么时候|何时|哪(?:一)?[年月天日])(?:之|以)?前|到(?:什么时候|何时|哪(?:一)?[年月天日])|到期|失效|"
            r"\b(?:deadline(?! \d)|due date|closing date|latest date|no later than|expir(?:e|es|y|ation))\b|\bby (?:when|(?:what|which) (?:date|day|year|month|time))\b|"
            r"\b(?:until|till) (?:when|(?:what|which) (?:date|day|year|month))\b|\bwhen is .{0,40}\bdue\b",
            re.IGNORECASE,
        ),
    ),
    (
        "date",
        re.compile(
            r"什么时候|何时|几时|哪(?:一)?[年月天日](?!级)|几月|几号|日期|年份|"
            r"(?:^|[.?!,;:] |\b(?:and|by|since|until|till) )when(?=\W*$|['’]s\b| (?:is|are|was|were|do|does|did|will|has|have|had|can|could|may|must|should|would|exactly|precisely|roughly|and|or|to)\b)|\b(?:what|which) (?:date|day|year|month)s?\b|\bdates? of\b|\b(?:the|its) (?:full|exact|precise|complete) date\b|\bon (?:what|which) (?:date|day)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "duration",
        re.compile(
            r"多久|多长时间|(?:多少|(?<![这那近前头过好最十])几)(?:个月|个?工作日|个?小时|年(?!级)|天|周|日(?!元))(?![^，。？?]{0,6}一[次回])|期限|有效期|"
            r"\bhow long\b|\bhow many (?:\w+ )?(?:years|months|weeks|days|hours)\b|\bnumber of (?:working )?(?:years|months|weeks|days|hours)\b|\b(?:validity|duration|period of validity)\b|"
            r"\b(?:for|over|during) (?:what|which) period\b",
            re.IGNORECASE,
        ),
    ),
    (
        "share",
        re.compile(
            r"占比|比例|比重|份额|百分之几|百分比|多少(?:成|个?百分点|%)|几成|占.{0,10}?(?:多少|几)|"
            r"\b(?:what|which|how (?:large|big|high) an?) (?:\w+ )?(?:percentage|share|proportion|fraction|ratio|per ?cent)\b|\bwhat (?:[\w&-]+ ){1,3}ratio\b|"
            r"\bwhat part of\b|\b(?:what|which) (?:portion|slice)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "count",
        re.compile(
            r"多少|(?<![哪好十第这那])(?<!还是)几(?:个|家|项|条|场|人|名|次|类|章)(?![^？?]*[，,。][^？?]*(?:啥|什么|怎么|咋|如何))|\bhow many\b|\bwhat number\b|^\W*(?:(?:total|exact|minimum|maximum) )?number of\b|\b(?:compare|tell me|give me|what is|what['’]s) the (?:total )?number of\b|数量\W*$",
            re.IGNORECASE,
        ),
    ),
    (
        "definition",
        re.compile(
            r"是什么意思|什么(?:叫|是)|何谓|何为|(?:的)?(?:含义|定义)|(?:是)?指(?:的是)?什么|(?:各自?|分别|具体|到底|究竟)?(?:代表|指(?:的是)?)(?:的)?(?:什么|啥|哪)|怎么(?:定义|理解|界定)|"
            r"\b(?:what|how) (?:does|do|is|are) .{1,60}\b(?:mean(?! for)|meant|stand for|defined)\b|\bwhat is meant by\b|\b(?:meaning|definition) of\b|^\W*define\b",
            re.IGNORECASE,
        ),
    ),
    (
        "procedure",
        re.compile(
            r"(?:怎么|怎样|如何|咋)(?:去|样)?(?:申请|申报|办|办理|领取|领|报名|注册|登记|提交|落户|报)|(?:申请|申报|办理|领取)(?:的)?(?:流程|步骤|程序|手续|方式|方法)|(?:什么|哪些)(?:流程|手续|程序)|"
            r"\bhow (?:do|can|should|must|would|does|to) ?(?:\w+ ){0,3}?(?:apply|register|enrol|sign up|claim|submit|file|obtain)\b|"
            r"\b(?:application|registration) (?:process|procedure|steps)\b|\bwhat is the (?:process|procedure)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "who",
        re.compile(
            r"谁|哪(?:些|几|[一二三四五六七八九十两\d]+)?(?:个|家)?(?:部门|单位|机构|厅局|主体)|由(?:哪|什么)|牵头|发文(?:机关|单位|部门)|"
            r"(?:部门|厅局|单位|机构|机关)[^。？?]{0,16}(?:有|是)哪些(?=\W|$)|哪(?:些|几)?(?:个|家)?(?:联合|共同)?(?:发文|印发|署名|盖的?章|签发|发布|出台)|"
            r"\bname (?:every|all|each|the) (?:of the )?(?:\w+ ){0,3}(?:bod(?:y|ies)|departments?|agenc(?:y|ies)|ministr(?:y|ies)|issuers?|signator(?:y|ies))\b|"
            r"(?:^|[.?!,;:] )who\b|\bwhom\b|\bwhich (?:\w+ )?(?:departments?|bod(?:y|ies)|agenc(?:y|ies)|ministr(?:y|ies)|"
            r"authorit(?:y|ies)|organi[sz]ations?)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "where",
        re.compile(
            r"哪(?:一)?(?:个|座)(?:市|城市|省|县|州|区|地区|地方)|"
            r"\b(?:which|what) (?:city|province|county|prefecture|town|region|place)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "list",
        re.compile(
            r"哪些|哪几|哪[一二三四五六七八九十两\d]+(?:个|项|条|类|点|方面|块|种|步|部分|大)|(?:有|给|提供|享受|获得|得到|包括|包含)什么|什么(?:支持|措施|政策|待遇|好处|福利|内容|任务|目标|条件|服务|优惠|举措|材料|补贴|保障|照顾|安排)|"
            r"(?:做|干|帮)(?:些|点)(?:什么|啥)|列出|列举|分别|有何|方面|"
            r"\bwhich\b|\blist\b|\bname (?:the|all)\b|\bwhat (?:are|were|do|does|kinds?|types?|sorts?|support|measures?|benefits?|"
            r"steps|tasks|targets|goals|areas|aspects|services|help|can|could|documents|papers|conditions|requirements)\b",
            re.IGNORECASE,
        ),
    ),
    ("where", re.compile(r"哪里|哪儿|何处|什么地方|在哪|\bwhere\b", re.IGNORECASE)),
    (
        "yes_no",
        re.compile(
            r"(?:吗|(?<![什怎那这多要])么\W*$|是不是|是否|能不能|可不可以|可否|能否|有没有|对吧|对不对|是吧|没错吧|算不算|行不行)|"
            r"^\W*(?:(?:and|so|but|then)\W+)?(?:is|are|was|were|do|does|did|can|could|may|will|would|should|has|have|must)\b|"
            r"(?:, ?|\b)(?:right|correct|true|(?:is|are|was|were|has|have|do|does|did|will|can)n['’]t (?:it|they|there))\W*$",
            re.IGNORECASE,
        ),
    ),
)
# A question that asks so, and has no word that asks for anything else, asks whether it is so.
WHETHER = re.compile(
    r"(?:吗|(?<![什怎那这多要])么|[对是的了年月日号个家条项次人有]吧|没错吧|对不对|对吗)\W*$|是不是|是否|\W(?:right|correct)\W*$|"
    r"^\W*(?:(?:and|so|but|then)\W+)?(?:is|are|was|were|do|does|did|may|will|has|have|must|can(?! you)|could(?! you)|would(?! you))\b",
    re.IGNORECASE,
)
ASKS_FURTHER = re.compile(
    r"多少|几|哪|什么|啥|谁|怎|何|多[久长大高]|\b(?:how|what|which|who|whom|when|where|why)\b",
    re.IGNORECASE,
)

TASKS: tuple[tuple[Task, re.Pattern[str]], ...] = (
    (
        "comparison",
        re.compile(
            r"区别|不同(?:之处|点)?(?:[？?是在]|$)|有(?:什么|啥|何|哪些)不(?:同|一样)|差(?:别|异)|对比|比较一下|比一比|比较.{1,30}[和与跟同]|(?:和|与|跟|同).{1,20}(?:相比|比较)|相较|哪(?:一)?(?:个|项|份|边|省|市)(?:\w{0,6})更|[和与跟].{1,30}哪个|"
            r"\bwhich (?:\w+ )?(?:had|has|have|sets?|gives?|offers?|names?) (?:the )?(?:more|most|fewer|fewest|less|least|higher|lower|larger|longer)\b.{1,120}\bor\b|"
            r"\bcompar(?:e|es|ed|ison)\b|\bdiffer(?:s|ences?)?\b|\bversus\b|\bvs\b|\bcontrast\b|\bside by side\b|\bin common\b|"
            r"\bwhich (?:of (?:the )?(?:two|both)|one)\b.{0,40}\b(?:more|less|better|higher|stricter|further|\w+er)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "eligibility",
        re.compile(
            r"(?:我|俺|咱|本人|本公司|本企业|我司|自己|配偶|爱人).{0,30}(?:符不符合|符合(?!实际).{0,8}(?:条件|要求|资格|标准)|够不够(?:格|条件|资格)?|够(?:得上|格|条件|资格)|满足.{0,6}(?:条件|要求)|有(?:没有)?资格|适用于我)|"
            r"适用于(?:我|咱|本)|我(?:们)?(?:自己)?(?:还)?(?:能不能|可不可以|是否可以|可以|能)(?:申请|申报|享受|领|报)(?:这个|它|该)?(?:政策|补贴|待遇|项目|绿卡)?(?:吗)?\W*$|我(?:们)?.{0,16}算不算(?:符合|数)|"
            r"(?:^|[.?!,;:] |\b(?:if|whether|and|so|but) )(?:do|does|would|am|are|is|can|could|may|might|will) (?:I|we|my (?!company's)\w+|our \w+|someone like me|a (?:person|firm|company) like (?:me|us|mine|ours))\b.{0,80}"
            r"\b(?:qualif(?:y|ied|ies)|eligible|entitled|meet (?:the|all|these|its|your) (?:requirements?|conditions?|criteria))|\b(?:eligible|qualify)\W*$|"
            r"\bcan (?:I|we) apply(?: for (?:it|this|that))?\W*$|\bapply to (?:me|us)\W*$|\bcheck (?:if|whether) (?:I|we)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "measures",
        re.compile(
            r"(?:哪些|什么|啥)(?:好)?(?:的)?(?:政策|措施|补贴|扶持|支持政策|优惠政策|项目)(?:适合|适用于?|可以|能)?(?:我|我们|咱们)?(?:公司|企业|单位)?(?:适用|适合|可用|能用|可以用|能申请|可以申请|能享受|可以享受|能申报|可以申报|能拿|可以拿)|"
            r"(?:我|我们|咱们).{0,20}(?:能|可以|可)(?:申请|申报|享受|用上?|拿到?)(?:的)?(?:哪些|什么|啥)(?:好)?(?:政策|措施|补贴|扶持|项目)|(?:适合|适用于)(?:我|我们|咱们).{0,12}(?:政策|措施|补贴)|"
            r"(?:收录|有|知道|载入)(?:了)?(?:哪些|什么|多少)政策(?:吗|呢)?\W*$|(?:列出|列一下|推荐).{0,16}(?:政策|措施)|(?:政策|措施|文件)(?:清单|列表|目录)\W*$|"
            r"\b(?:which|what) (?:\w+ )?(?:measures|policies|schemes|programmes|programs|subsidies|support|help)\b.{0,24}\b(?:can|could|may|suit|fit|apply to|open to|available (?:to|for)|are there for) (?:I|we|me|us|my|our|(?:a|an) (?:\w+ )?(?:firm|company|enterprise|talent))\b|"
            r"\b(?:which|what) policies (?:do you (?:have|know|hold|cover)|are (?:there|loaded))|\b(?:list|show me|give me an overview of|recommend) (?:all |every |the )*(?:\w+ ){0,2}(?:measures|policies|schemes?|programmes)\b(?! of | in )",
            re.IGNORECASE,
        ),
    ),
)

POLICY_WORDS = re.compile(
    r"政策|补贴|补助|津贴|资助|奖励|扶持|税|减免|优惠|措施|办法|意见|通知|规定|申请|申报|企业|人才|就业|创业|落户|户籍|"
    r"居留|签证|社保|保险|产业|园区|人力资源|招聘|培训|部门|厅|局|绿卡|住房|公积金|"
    r"\b(?:polic(?:y|ies)|subsid\w*|grants?|allowances?|tax\w*|incentives?|measures?|opinions|notice|eligib\w+|"
    r"appl(?:y|ication)|enterprises?|talents?|employ\w*|visas?|residen\w+|permits?|insurance|pension|industr\w+|"
    r"human resources?|recruit\w*|training|departments?|ministry|bureau|green card|province|government|sichuan|shanxi)\b",
    re.IGNORECASE,
)

# Something is asked of each of several.
EACH = re.compile(
    r"分别|各自|各[是有多几要得需应可能]|\b(?:each|respectively|both)\b", re.IGNORECASE
)

# A question of several parts wants more than one sentence.
COMPOUND = re.compile(
    r"(?:多少|哪|什么|谁|几|怎|如何|何时|是否).*[，,；;、和及？?].*(?:多少|哪|什么|谁|几|怎|如何|何时|是否)|(?:多少|哪|什么|谁|几)[^？?]*[，,][^，,]{1,12}呢\W*$|各自|分别|各是|各有|各几|各多少|"
    r"\b(?:and|,) (?:which|what|how|who|whom|when|where|why|by (?:when|what))\b|\beach\b|\brespectively\b|"
    r"\bin what (?:\w+ )?(?:respects|ways|aspects)\b|\b(?:two|three|four|five|six|seven|eight) (?:things|respects|ways|reasons|kinds|parts)\b",
    re.IGNORECASE,
)

/** By which codes and words an answer says no, and what they mean; sources as in `places.ts`. */

/** Members that say by their value whether the request was accepted. */
export const ANSWER_CODE_NAMES: readonly string[] = [
	'code', // docs: Kling (0), Runway compatibility (200), wrapper ("success")
	'status_code', // upstream: MiniMax, inside base_resp
	'statusCode',
	...['errcode', 'errno', 'error_code', 'errorCode', 'err_code', 'ret', 'retcode', 'Code', 'CodeN'],
];

/** Codes that say yes, as text in lower case. 10000 is ByteDance's visual service, 20000 several gateways. */
export const OK_CODES: readonly string[] = [
	...[
		'',
		'0',
		'200',
		'201',
		'202',
		'10000',
		'20000',
		'ok',
		'success',
		'succeed',
		'succeeded',
		'true',
		'created',
		'accepted',
	],
];

/** Words that are no reason, but the envelope's own "all is well". */
export const EMPTY_WORDS =
	/^(success|succeed(ed)?|successful(ly)?|ok|成功|请求成功|submit success|none|null|unknown)[.!]?$/i;

/** Words with which providers refuse what a prompt or picture shows, not how the request was made. */
const CONTENT_WORDS =
	/moderation|sensitive (?:content|word|information)|new_sensitive|敏感|违规|(?:content|usage|safety|security|community) (?:policy|policies|guidelines?|filter|check|violation)|policy violation|violat\w+ (?:\w+ ){0,4}(?:policy|policies|guidelines|terms)|inappropriate content|nsfw|risk control/i;

export function isAboutContent(said: string): boolean {
	return CONTENT_WORDS.test(said);
}

/** Codes and types of errors, in lower case without separators. */
export const THROTTLED_CODES: readonly string[] = [
	...['429', 'ratelimit', 'ratelimited', 'ratelimitexceeded', 'ratelimiterror', 'toomanyrequests', 'throttling'],
	...['throttlingexception', 'throttlingratequota', 'requestlimitexceeded', 'concurrencylimitexceeded'],
];
export const FAULT_CODES: readonly string[] = [
	...['500', '502', '503', '504', '520', '522', '524', 'internalerror', 'internalservererror', 'servererror'],
	...[
		'serviceunavailable',
		'badgateway',
		'gatewaytimeout',
		'upstreamtimeout',
		'systembusy',
		'failtofetchtask',
		'dorequestfailed',
	],
];
/** The route does not know the task. docs: Runway, Seedance (`task_not_exist`, in a status, code or message) */
export const UNKNOWN_TASK_CODES: readonly string[] = [
	'404',
	'tasknotexist',
	'tasknotfound',
	'tasknotexists',
	'notfound',
];
export const ACCESS_CODES: readonly string[] = [
	'401',
	'403',
	'unauthorized',
	'invalidapikey',
	'authenticationerror',
	'authunauthorized',
];

/**
 * Codes that mean "no credit", by whose they are: HTTP; Kling 1101 and 1102, MiniMax 1008, Zhipu 1113; gateway; OpenAI;
 * Alibaba; Volcengine.
 */
export const NO_CREDIT_CODES: readonly string[] = [
	...['402', '1101', '1102', '1008', '1113', 'insufficientuserquota', 'quotanotenough', 'insufficientquota'],
	...[
		'preconsumetokenquotafailed',
		'insufficientbalance',
		'insufficientcredit',
		'insufficientcredits',
		'insufficientfunds',
	],
	...['balancenotenough', 'notenoughbalance', 'notenoughcredits', 'outofcredit', 'outofcredits', 'creditexhausted'],
	...['paymentrequired', 'billinghardlimitreached', 'billingnotactive', 'arrearage', 'accountoverdueerror'],
];

/** Words that mean it. */
export const NO_CREDIT_WORDS: readonly RegExp[] = [
	/\binsufficient (?:[a-z]+ ){0,2}(?:quota|balance|credits?|funds)\b/i,
	/\b(?:quota|balance|credits?|funds) (?:is |are |has been |have been )?(?:not enough|insufficient|exhausted|depleted|used up|too low)\b/i,
	/\b(?:not enough|no|out of|ran out of|run out of|lacks?) (?:[a-z]+ )?(?:quota|balance|credits?|funds)\b/i,
	/\bexceeded your current quota\b|\bplease (?:recharge|top up)\b|\bpayment required\b|\bin arrears\b|\bpre-(?:charge|consume) failed\b/i,
	/余额不足|额度不足|额度已用尽|余额不够|配额不足|积分不足|欠费|预扣费/,
];

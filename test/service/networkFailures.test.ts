/** What is read from the errors of n8n's helper, axios and Node, in the forms in which they wrap each other. */
import { lostConnection, networkErrorCode } from '../../nodes/CometApiVideo/service/networkFailures';

const URL_ASKED = 'https://api.cometapi.com/v1/videos';
const judge = (error: object) => lostConnection(error, URL_ASKED);
const inside = (error: object, layers: number): object =>
	layers === 0 ? error : { message: 'wrapped', cause: inside(error, layers - 1) };

const NO_TLS = 'Client network socket disconnected before secure TLS connection was established';
const socket = (secureConnecting: boolean, encrypted = true) => ({
	request: { socket: { encrypted, secureConnecting } },
});

test.each([
	{ error: { code: 'ECONNREFUSED', message: 'connect ECONNREFUSED 1.2.3.4:443' }, kind: 'notSent' },
	{ error: { code: 'EAI_FAIL', syscall: 'getaddrinfo' }, kind: 'notSent' },
	{ error: { code: 'ENOTFOUND', syscall: 'queryAaaa' }, kind: 'notSent' },
	{ error: { code: 'EHOSTUNREACH', syscall: 'read', message: 'read EHOSTUNREACH' }, kind: 'transient' },
	{ error: { code: 'EPIPE', syscall: 'write', message: 'connect EPIPE 1.2.3.4:443' }, kind: 'transient' },
	{ error: { code: 'ECONNRESET', message: 'we connect ECONNRESET' }, kind: 'transient' },
	{ error: { message: 'socket hang up' }, kind: 'transient' },
	{ error: { code: 'ETIMEDOUT', errors: [{ syscall: 'connect' }, { syscall: 'connect' }] }, kind: 'notSent' },
	{ error: { code: 'ETIMEDOUT', errors: [{ syscall: 'connect' }, { syscall: 'read' }] }, kind: 'transient' },
	{ error: { code: 'ETIMEDOUT', errors: [], syscall: 'connect' }, kind: 'notSent' },
	{ error: inside({ code: 'ECONNREFUSED', syscall: 'connect' }, 5), kind: 'notSent' },
	{ error: inside({ code: 'ECONNREFUSED', syscall: 'connect' }, 6), kind: 'transient' },
	{ error: { error: { code: 'ECONNREFUSED', syscall: 'connect' } }, kind: 'notSent' },
	{ error: { code: 'EPIPE', cause: null }, kind: 'transient' },
	{ error: { code: 'CERT_HAS_EXPIRED' }, kind: 'refused' },
	{ error: { code: 'ERR_TLS_CERT_ALTNAME_INVALID' }, kind: 'refused' },
	{ error: { code: 'ERR_SSL_TLSV1_ALERT_CERT', message: 'read' }, kind: 'transient' },
	{ error: { code: 'ECONNRESET', message: NO_TLS }, kind: 'notSent' },
	{ error: { code: 'ECONNRESET', cause: { message: NO_TLS } }, kind: 'notSent' },
	{ error: { code: 'EPROTO', ...socket(true) }, kind: 'refused' },
	{ error: { code: 'ECONNRESET', ...socket(true) }, kind: 'notSent' },
	{ error: { code: 'ECONNRESET', ...socket(false) }, kind: 'transient' },
	{ error: { code: 'ECONNRESET', ...socket(true, false) }, kind: 'transient' },
	{ error: { code: 'ECONNRESET', request: {} }, kind: 'transient' },
])('$kind: $error', ({ error, kind }) => {
	expect(judge(error).kind).toBe(kind);
});

test.each([
	{
		error: { code: 'CERT_HAS_EXPIRED' },
		message: 'The certificate of api.cometapi.com is not accepted (CERT_HAS_EXPIRED)',
		advice: 'Check the Base URL in the credential "CometAPI Video API", and the proxy and certificates of n8n.',
	},
	{
		error: { code: 'ECONNRESET', message: NO_TLS },
		message: 'No secure connection to CometAPI at api.cometapi.com could be set up (ECONNRESET)',
		advice:
			'Check the Base URL in the credential "CometAPI Video API" (whether its port speaks https), and the proxy of n8n.',
	},
	{
		error: { code: 'ECONNREFUSED', syscall: 'connect' },
		message: 'CometAPI could not be reached at api.cometapi.com (ECONNREFUSED)',
		advice: 'Check the internet connection and proxy of n8n, and the Base URL in the credential "CometAPI Video API".',
	},
	...['ETIMEDOUT', 'ECONNABORTED'].map((code) => ({
		error: { code },
		message: 'CometAPI at api.cometapi.com did not answer in time',
		advice: 'Check the internet connection and proxy of n8n, and whether CometAPI reports an outage.',
	})),
	{
		error: { message: 'socket hang up' },
		message: 'The connection to CometAPI at api.cometapi.com was lost (socket hang up)',
		advice: 'Check the internet connection and proxy of n8n, and whether CometAPI reports an outage.',
	},
])('says: $message', ({ error, message, advice }) => {
	expect(judge(error)).toMatchObject({ message, advice, details: { errorCode: networkErrorCode(error) } });
});

test.each([
	[{ code: 'ECONNRESET' }, 'ECONNRESET'],
	[{ httpCode: 'HPE_INVALID_CONSTANT' }, 'HPE_INVALID_CONSTANT'],
	[{ code: 500, httpCode: '502', cause: { code: 'EPIPE' } }, 'EPIPE'],
	[{ code: ['EPIPE'] }, ''],
	[{ code: 'xEPIPE' }, ''],
	[{ code: 'EPIPE: broken' }, ''],
	[{}, ''],
])('the code of %j is "%s"', (error, code) => {
	expect(networkErrorCode(error)).toBe(code);
});

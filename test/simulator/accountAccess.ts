/**
 * Who may read the account: the access token, which is no API key. CometAPI takes it bare in `Authorization` and forbids
 * `Bearer` (https://apidoc.cometapi.com/api/api-keys/list-api-keys); how it words a refusal is not documented, so both
 * profiles use the words of the public gateway software: `comet` of its builds since July 2026, which ask for no user
 * id, `upstream-strict` of the earlier ones (https://docs.newapi.pro/en/api/fei-task-center).
 */
import type { RecordedRequest } from './recordedRequest';
import { refusals } from './refusal';
import type { Service } from './service';

/** @throws Refusal */
export function assertAccessToken({ profile, account }: Service, { headers }: RecordedRequest): void {
	const { authorization = '' } = headers;
	if (profile === 'comet') {
		if (authorization !== account.accessToken) throw refusals.accountUnauthorized();
		return;
	}
	if (!authorization) throw refusals.accessTokenMissing();
	if (authorization.replace(/^Bearer /, '') !== account.accessToken) throw refusals.accessTokenWrong();
	assertUserId(account.userId, String(headers['new-api-user'] ?? ''));
}

function assertUserId(userId: number, header: string): void {
	if (!header) throw refusals.userIdMissing();
	if (!/^[+-]?\d+$/.test(header)) throw refusals.userIdMalformed();
	if (Number(header) !== userId) throw refusals.userIdOfAnother();
}

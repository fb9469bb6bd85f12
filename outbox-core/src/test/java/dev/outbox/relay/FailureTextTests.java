/*
 * Copyright 2026 the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package dev.outbox.relay;

import dev.outbox.FailureKind;
import dev.outbox.SendFailure;
import dev.outbox.store.GivenUp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class FailureTextTests {

	@ParameterizedTest
	@ValueSource(strings = { "password=s3cr3t, retry", "Password: 's3cr3t'", "{\"password\":\"s3cr3t\",\"a\":1}",
			"{\"body\":\"{\\\"password\\\":\\\"s3cr3t\\\",\\\"a\\\":1}\"}", "{\"client_secret\" : \"a\\\"s3cr3t\"}",
			"amqp://guest:s3cr3t@host:5672/v", "amqp://guest:a@s3cr3t@host", "amqp://guest:a/s3cr3t/b@host/v",
			"jdbc:postgresql://host/db?user=a&password=s3cr3t&ssl=true", "Authorization: Bearer s3cr3t-tok.en",
			"authorization=Basic czNjcjN0OnMzY3IzdA-s3cr3t==",
			"Endpoint=sb://x/;SharedAccessKeyName=all;SharedAccessKey=s3cr3t+/=;EntityPath=p", "AccountKey=s3cr3t==;x",
			"accessKey: s3cr3t", "private_key=s3cr3t", "api-key=s3cr3t", "apikey: \"s3cr3t\"",
			"org.Module required username=\"u\" password=\"s3cr3t\";",
			"-----BEGIN RSA PRIVATE KEY-----\ns3cr3t\nabc\n-----END RSA PRIVATE KEY-----",
			"-----BEGIN PRIVATE KEY-----\ns3cr3t", "password=\"s3cr3t and cut off", "my.token=s3cr3t",
			"http://host/?sig=a&X-Amz-Signature=s3cr3t", "passphrase=s3cr3t", "https://s3cr3t@github.com/x",
			"SharedAccessSignature sr=x&sig=s3cr3t&se=1", "https://host/?a=b&sig=s3cr3t",
			"Authorization: ApiKey s3cr3t", "authorization: Token a s3cr3t", "pass=s3cr3t", "scott/s3cr3t@db",
			"Cookie: SESSION=s3cr3t", "run --password s3cr3t", "token ghp_s3cr3t", "xoxb-1-s3cr3t" })
	void hidesWhatLooksLikeASecret(String message) {
		assertThat(FailureText.error(message)).doesNotContain("s3cr3t").contains("***");
		assertThat(FailureText.stackTrace(new IllegalStateException("outer", new RuntimeException(message))))
			.doesNotContain("s3cr3t");
	}

	@Test
	void hidesTokensThatHaveNoName() {
		assertThat(FailureText.error("refused eyJhbGciOiJI.eyJzdWIiOiIx.c2ln of AKIAABCDEFGHIJKLMNOP!"))
			.isEqualTo("refused *** of ***!");
	}

	@ParameterizedTest
	@ValueSource(strings = { "Topic orders is unknown to localhost:9092", "Unexpected token ']' at 17",
			"kafka://broker:9092/orders", "no route for key 4711 of exchange 'orders' (312)", "Key not found: 12",
			"Cluster authorization failed.", "passed 12 of 13", "localhost/127.0.0.1:9092 is away" })
	void leavesWhatIsNoSecret(String message) {
		assertThat(FailureText.error(message)).isEqualTo(message);
	}

	@Test
	void keepsTheHostOfAnAddress() {
		assertThat(FailureText.error("cannot connect to amqp://guest:pw@rabbit.local:5672/orders"))
			.isEqualTo("cannot connect to amqp://guest:***@rabbit.local:5672/orders");
	}

	@Test
	void isBoundedAndCutBetweenCharacters() {
		String message = "a".repeat(GivenUp.LONGEST_ERROR - 1) + "\uD83D\uDE00".repeat(10);
		assertThat(FailureText.error(message)).isEqualTo("a".repeat(GivenUp.LONGEST_ERROR - 1));
		assertThat(FailureText.error(message, " (the end)")).hasSize(GivenUp.LONGEST_ERROR).endsWith("a (the end)");
		assertThat(FailureText.error("no\0 zero")).isEqualTo("no  zero");
	}

	@Test
	void theStackTraceNamesTheCausesAndIsBounded() {
		RuntimeException failure = new RuntimeException("top", new IllegalStateException("bottom"));
		assertThat(FailureText.stackTrace(failure)).startsWith("java.lang.RuntimeException: top\n\tat ")
			.contains("Caused by: java.lang.IllegalStateException: bottom")
			.contains("FailureTextTests.java:");
		assertThat(FailureText.stackTrace(null)).isNull();
		RuntimeException deep = failure;
		for (int i = 0; i < 1000; i++) {
			deep = new RuntimeException("level " + i, deep);
		}
		assertThat(FailureText.stackTrace(deep)).hasSizeLessThanOrEqualTo(GivenUp.LONGEST_STACK_TRACE);
	}

	/**
	 * An event whose failure could not be described would hold up all others.
	 */
	@ParameterizedTest
	@ValueSource(
			strings = { "deadbeef-dead-dead-", "eyJ-", "'", "\"", "a://b:c", "password", "x@", "=\\\"", "user/a@b" })
	void isMadeOfAnyText(String part) {
		SendFailure failure = new SendFailure(FailureKind.REJECTED, part.repeat(10_000), null);
		GivenUp givenUp = FailureText.givenUp(failure, " (" + part.repeat(10_000) + "\0)", true, false, false);
		assertThat(givenUp.error()).startsWith("REJECTED: ")
			.doesNotContain("\0")
			.hasSizeLessThanOrEqualTo(GivenUp.LONGEST_ERROR);
		assertThat(givenUp.fingerprint()).matches("[0-9a-f]{16}");
	}

	@Test
	void anExceptionThatDoesNotSayWhatItIsHasAStackTraceToo() {
		assertThat(FailureText.stackTrace(new MuteException())).startsWith(MuteException.class.getName() + "\n");
	}

	@Test
	void failuresOfOneCauseHaveOneFingerprint() {
		String one = fingerprint("Event 4711 of order 'a-1' to 10.0.0.1:9092 (id 0199c0de-0000-7000-8000-000000000001)",
				new IllegalStateException("x"));
		assertThat(fingerprint("Event 12 of order 'b' to 10.0.0.27:9093 (id 0199c0de-ffff-7000-8000-00000000ffff)",
				new IllegalStateException("y")))
			.isEqualTo(one)
			.matches("[0-9a-f]{16}");
		assertThat(fingerprint("Event 4711 of order 'a-1' to nobody", new IllegalStateException("x")))
			.isNotEqualTo(one);
		assertThat(fingerprint("Event 12 of order 'b' to 10.0.0.27:9093 (id 0199c0de-ffff-7000-8000-00000000ffff)",
				new IllegalArgumentException("x")))
			.isNotEqualTo(one);
	}

	private static String fingerprint(String message, Throwable cause) {
		return FailureText.fingerprint(FailureKind.REJECTED, message, cause);
	}

	/**
	 * Fails to say what it is.
	 */
	@SuppressWarnings("serial")
	private static final class MuteException extends RuntimeException {

		@Override
		public String getMessage() {
			throw new IllegalStateException("no message");
		}

	}

}

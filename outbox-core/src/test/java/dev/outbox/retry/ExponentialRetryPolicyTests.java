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

package dev.outbox.retry;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

import dev.outbox.FailureKind;
import dev.outbox.retry.RetryDecision.GiveUp;
import dev.outbox.retry.RetryDecision.Retry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ExponentialRetryPolicyTests {

	private static final double MIDDLE = 0.5;

	private final RetrySettings defaults = RetrySettings.defaults();

	@Test
	void delaysDoubleUntilTheLongestOne() {
		RetryPolicy policy = new ExponentialRetryPolicy(settings(true, Duration.ofSeconds(5), 0.2), () -> MIDDLE);
		List<Long> delays = IntStream.rangeClosed(1, 6).mapToObj((attempts) -> millis(policy, attempts)).toList();
		assertThat(delays).containsExactly(500L, 1000L, 2000L, 4000L, 5000L, 5000L);
	}

	@ParameterizedTest
	@CsvSource({ "100, 300000", "2000, 300000", "2147483647, 300000", "0, 500" })
	void anyNumberOfAttemptsHasADelay(int attempts, long expected) {
		assertThat(millis(new ExponentialRetryPolicy(this.defaults, () -> MIDDLE), attempts)).isEqualTo(expected);
	}

	@ParameterizedTest
	@CsvSource({ "0.0, 800", "0.25, 900", "0.5, 1000", "0.999999, 1200" })
	void jitterShortensOrExtendsTheDelay(double random, long expected) {
		assertThat(millis(new ExponentialRetryPolicy(this.defaults, () -> random), 2)).isEqualTo(expected);
	}

	@Test
	void delaysOfEventsThatFailedTogetherDiffer() {
		RetryPolicy policy = new ExponentialRetryPolicy(this.defaults, new Random(7)::nextDouble);
		List<Long> delays = IntStream.range(0, 100).mapToObj((event) -> millis(policy, 4)).distinct().toList();
		assertThat(delays).hasSizeGreaterThan(50).allMatch((delay) -> delay >= 3200 && delay <= 4800);
	}

	@ParameterizedTest
	@CsvSource({ "1, PT0S, true", "500, PT23H59M59S, true", "500, PT24H, false", "2, PT25H, false" })
	void retriableFailuresAreGivenUpByAge(int attempts, Duration failingFor, boolean retried) {
		RetryDecision decision = new ExponentialRetryPolicy(this.defaults).decide(FailureKind.RETRIABLE, attempts,
				failingFor);
		assertThat(decision).isInstanceOf(retried ? Retry.class : GiveUp.class);
		if (decision instanceof GiveUp giveUp) {
			assertThat(giveUp.reason()).contains("outbox.retry.max-age=PT24H");
		}
	}

	@ParameterizedTest
	@CsvSource({ "1, true", "9, true", "10, false", "11, false" })
	void rejectedEventsAreGivenUpByTheNumberOfAttempts(int attempts, boolean retried) {
		RetryDecision decision = new ExponentialRetryPolicy(this.defaults).decide(FailureKind.REJECTED, attempts,
				Duration.ofDays(9));
		assertThat(decision).isInstanceOf(retried ? Retry.class : GiveUp.class);
		if (decision instanceof GiveUp giveUp) {
			assertThat(giveUp.reason()).contains(attempts + " times").contains("outbox.retry.max-attempts=10");
		}
	}

	@Test
	void fatalFailuresAreGivenUpAtOnce() {
		assertThat(new ExponentialRetryPolicy(this.defaults).decide(FailureKind.FATAL, 1, Duration.ZERO))
			.isInstanceOf(GiveUp.class);
	}

	@ParameterizedTest
	@EnumSource(names = { "RETRIABLE", "REJECTED", "FATAL" })
	void withoutRetriesTheFirstFailureIsTheLast(FailureKind kind) {
		RetryPolicy policy = new ExponentialRetryPolicy(settings(false, Duration.ofMinutes(5), 0.2));
		assertThat(policy.decide(kind, 1, Duration.ZERO)).isInstanceOf(GiveUp.class);
	}

	@Test
	void anUnavailableDestinationIsNeverAReasonToGiveUp() {
		RetryPolicy policy = new ExponentialRetryPolicy(settings(false, Duration.ofMinutes(5), 0.2));
		assertThat(policy.decide(FailureKind.UNAVAILABLE, 1000, Duration.ofDays(30))).isInstanceOf(Retry.class);
	}

	@ParameterizedTest
	@CsvSource({ "0, 2, PT1M, 0.2, PT1H, 3, initial-interval", "500, 0.5, PT1M, 0.2, PT1H, 3, multiplier",
			"500, 2, PT0.1S, 0.2, PT1H, 3, max-interval", "500, 2, PT1M, 1, PT1H, 3, jitter",
			"500, 2, PT1M, -0.1, PT1H, 3, jitter", "500, 2, PT1M, 0.2, PT0S, 3, max-age",
			"500, 2, PT1M, 0.2, PT1H, 0, max-attempts" })
	void settingsThatMakeNoSenseAreRefusedByName(long initial, double multiplier, Duration maxInterval, double jitter,
			Duration maxAge, int maxAttempts, String property) {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new RetrySettings(true, Duration.ofMillis(initial), multiplier, maxInterval, jitter,
					maxAge, maxAttempts))
			.withMessageStartingWith("outbox.retry." + property + "=");
	}

	private static RetrySettings settings(boolean enabled, Duration maxInterval, double jitter) {
		return new RetrySettings(enabled, Duration.ofMillis(500), 2, maxInterval, jitter, Duration.ofHours(24), 10);
	}

	private static long millis(RetryPolicy policy, int attempts) {
		return ((Retry) policy.decide(FailureKind.RETRIABLE, attempts, Duration.ZERO)).delay().toMillis();
	}

}

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
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;

import dev.outbox.FailureKind;
import dev.outbox.retry.RetryDecision.GiveUp;
import dev.outbox.retry.RetryDecision.Retry;

/**
 * Waits longer after each failure.
 * <p>
 * What the broker does not accept right now is tried for {@link RetrySettings#maxAge() a
 * day}; what it refuses, a limited {@link RetrySettings#maxAttempts() number of times};
 * what can never be sent, once. An unavailable destination is never a reason to give up.
 */
public final class ExponentialRetryPolicy implements RetryPolicy {

	private final RetrySettings settings;

	private final DoubleSupplier random;

	/**
	 * Creates a policy.
	 * @param settings how patient it is
	 */
	public ExponentialRetryPolicy(RetrySettings settings) {
		this(settings, () -> ThreadLocalRandom.current().nextDouble());
	}

	/**
	 * Creates a policy with a given source of randomness.
	 * @param settings how patient it is
	 * @param random returns numbers from 0 to less than 1
	 */
	public ExponentialRetryPolicy(RetrySettings settings, DoubleSupplier random) {
		this.settings = settings;
		this.random = random;
	}

	@Override
	public RetryDecision decide(FailureKind kind, int attempts, Duration failingFor) {
		return switch (kind) {
			case UNAVAILABLE -> new Retry(delay(attempts));
			case FATAL -> new GiveUp("It can never be sent");
			case REJECTED -> (attempts >= maxAttempts())
					? new GiveUp("Refused " + attempts + " times (outbox.retry.max-attempts=" + maxAttempts() + ")")
					: retry(attempts);
			case RETRIABLE -> (failingFor.compareTo(this.settings.maxAge()) >= 0)
					? new GiveUp("Failing for " + failingFor + " (outbox.retry.max-age=" + this.settings.maxAge() + ")")
					: retry(attempts);
		};
	}

	private int maxAttempts() {
		return this.settings.maxAttempts();
	}

	private RetryDecision retry(int attempts) {
		return this.settings.enabled() ? new Retry(delay(attempts))
				: new GiveUp("Retries are off (outbox.retry.enabled=false)");
	}

	private Duration delay(int attempts) {
		double initial = this.settings.initialInterval().toMillis();
		double grown = initial * Math.pow(this.settings.multiplier(), Math.max(attempts, 1) - 1);
		double capped = Math.min(grown, this.settings.maxInterval().toMillis());
		double spread = 1 + this.settings.jitter() * (2 * this.random.getAsDouble() - 1);
		return Duration.ofMillis(Math.round(capped * spread));
	}

}

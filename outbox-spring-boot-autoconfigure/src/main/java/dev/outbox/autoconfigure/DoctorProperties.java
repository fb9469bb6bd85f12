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

package dev.outbox.autoconfigure;

import java.time.Duration;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the doctor looks at, and when.
 *
 * @param startupReport Whether what the doctor finds is logged shortly after the start.
 * @param timeout Time that one examination may take.
 * @param maxClockSkew Difference between the clocks of this instance and of the database
 * above which it is reported.
 * @param maxTransactionAge Age of a transaction in the database above which it is
 * reported.
 * @param maxReplicaLag Time that a replica of the database may be behind before it is
 * reported.
 */
public record DoctorProperties(@DefaultValue("true") boolean startupReport, @DefaultValue("5s") Duration timeout,
		@DefaultValue("1s") Duration maxClockSkew, @DefaultValue("5m") Duration maxTransactionAge,
		@DefaultValue("30s") Duration maxReplicaLag) {

	public DoctorProperties {
		Require.positive("outbox.doctor.timeout", timeout);
		Require.positive("outbox.doctor.max-clock-skew", maxClockSkew);
		Require.positive("outbox.doctor.max-transaction-age", maxTransactionAge);
		Require.positive("outbox.doctor.max-replica-lag", maxReplicaLag);
	}

}

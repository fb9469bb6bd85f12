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

package dev.outbox.autoconfigure.store.mongo;

import javax.sql.DataSource;

import dev.outbox.autoconfigure.OutboxInstanceNames;

import org.springframework.boot.autoconfigure.condition.AllNestedConditions;
import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.NoneNestedConditions;
import org.springframework.context.annotation.Conditional;

/**
 * Matches where events are to be stored in MongoDB: by choice, or because there is
 * nothing else.
 */
class OnMongoStore extends AllNestedConditions {

	OnMongoStore() {
		super(ConfigurationPhase.REGISTER_BEAN);
	}

	/**
	 * Whether there is a single outbox.
	 */
	@Conditional(OnSingleOutbox.class)
	static class Single {

	}

	/**
	 * Whether it is MongoDB that is wanted.
	 */
	@Conditional(OnWanted.class)
	static class Wanted {

	}

	/**
	 * Matches unless the context is that of one of several outboxes.
	 */
	static class OnSingleOutbox extends NoneNestedConditions {

		OnSingleOutbox() {
			super(ConfigurationPhase.REGISTER_BEAN);
		}

		@ConditionalOnProperty(OutboxInstanceNames.CURRENT)
		static class OneOfSeveral {

		}

	}

	/**
	 * Matches if MongoDB was chosen, or nothing, and there is no other database.
	 */
	static class OnWanted extends AnyNestedCondition {

		OnWanted() {
			super(ConfigurationPhase.REGISTER_BEAN);
		}

		@ConditionalOnProperty(name = "outbox.store.type", havingValue = "mongodb")
		static class Chosen {

		}

		@ConditionalOnProperty(name = "outbox.store.type", havingValue = "auto", matchIfMissing = true)
		@ConditionalOnMissingBean(DataSource.class)
		static class NothingElse {

		}

	}

}

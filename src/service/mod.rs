//! Binds a store to a viewer and answers an `Ask`: the `UsageService` of the platform.

# SPDX-License-Identifier: Apache-2.0
# Loaded by every Ruby that a test of the core starts (RUBYOPT=-r): makes the wrap absent.
require "json"

module CorelineAlone
  TOLD = JSON.parse(File.read(File.join(__dir__, "coreline_alone.json")))

  def self.refuse(feature)
    name = feature.to_s.sub(/\.rb\z/, "")
    found = TOLD["ruby"].find { |one, _| name == one || name.start_with?("#{one}/") }
    return if found.nil?
    raise LoadError, "cannot load such file -- #{feature}: it is of the wrap #{found[1]}, " \
                     "blocked by coreline check --standalone"
  end

  module Refusing
    private

    def require(feature)
      CorelineAlone.refuse(feature)
      super
    end

    def load(feature, *rest)
      CorelineAlone.refuse(feature)
      super
    end
  end
end

# Bundler and RubyGems have replaced Kernel#require by now; this one comes before theirs.
Object.prepend(CorelineAlone::Refusing)
Kernel.singleton_class.prepend(CorelineAlone::Refusing)
